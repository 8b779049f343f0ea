# SPDX-License-Identifier: GPL-2.0-or-later
"""Wireshark's window on a display of its own, driven by keys and clicks as a person would.

There is no window manager: windows stay where Wireshark puts them, and the focus is set by hand.
"""
import contextlib
import dataclasses
import os
import pathlib
import re
import subprocess
import tempfile
import time

import harness

SIZE = (1400, 900)
PATIENCE = 120  # seconds for a window; machines that build at the same time are slow

# Said by Qt, libnl and dumpcap about a machine without a desktop or a network card, not about us.
NOT_OURS = re.compile(
    r"nl80211 not found|XDG_RUNTIME_DIR|libEGL|MESA|dconf|Couldn't run .*dumpcap"
    r"|propagateSizeHints|[Cc]ould not (connect|register) .*(bus|desktop)|\[Capture MESSAGE\]")


@dataclasses.dataclass
class Window:
    number: str
    name: str
    x: int
    y: int
    width: int
    height: int


class Screen:
    """An X server; numbers are given out by the server itself, so that several can run."""

    def __init__(self, width=SIZE[0], height=SIZE[1]):
        self.size = (width, height)
        read, write = os.pipe()
        # A server resets itself when its last client leaves, and refuses the one that comes then.
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24", "-ac",
             "-noreset", "-nolisten", "tcp"],
            pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()
        assert number, "Xvfb did not start"
        self.display = f":{number}"

    def close(self):
        self.server.terminate()
        self.server.wait()

    def xdotool(self, *words):
        done = subprocess.run(["xdotool", *words], capture_output=True, text=True, timeout=PATIENCE,
                              env={**os.environ, "DISPLAY": self.display})
        return done.stdout

    def windows(self):
        """Everything a person sees, without the borderless helpers that Qt keeps."""
        numbers = self.xdotool("search", "--onlyvisible", "--name", "").split()
        return [window for window in map(self.window, numbers) if window and window.name]

    def window(self, number):
        name = self.xdotool("getwindowname", number).strip()
        shell = self.xdotool("getwindowgeometry", "--shell", number)
        place = dict(line.split("=") for line in shell.splitlines() if "=" in line)
        if "WIDTH" not in place:  # it has just gone
            return None
        return Window(number, name, *(int(place[key]) for key in ("X", "Y", "WIDTH", "HEIGHT")))

    def picture(self, path, window=None, colours=48):
        """A PNG of the screen or one window; few colours are enough and make it small."""
        self.imports(window, "+repage", "+dither", "-colors", str(colours), "-define",
                     "png:compression-level=9", "-strip", f"png8:{path}")

    def keep_picture(self, name, window=None):
        """For whoever wants to look, where NLB_PICTURES says."""
        folder = os.environ.get("NLB_PICTURES")
        if folder:
            pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
            self.picture(pathlib.Path(folder) / f"{name}.png", window)

    def pixels(self, colour, window=None):
        """How many points of this colour, "#E69F00", there are."""
        text = self.imports(window, "-depth", "8", "-format", "%c", "histogram:info:-").decode()
        counts = re.findall(r"^ *(\d+): .*(#[0-9A-F]{6})", text, re.M)
        return sum(int(count) for count, found in counts if found == colour)

    def imports(self, window, *options):
        done = subprocess.run(
            ["import", "-window", window.number if window else "root", *options],
            stdout=subprocess.PIPE, check=True, timeout=PATIENCE,
            env={**os.environ, "DISPLAY": self.display})
        return done.stdout


class Wireshark:
    """A running Wireshark. The source is what makes it show packets, the title tells that it does."""

    def __init__(self, screen, prefix, source, title, *options, profile="NLB", with_plugin=True,
                 bytes_pane=True, list_height=None):
        self.screen = screen
        self.prefix = prefix
        self.write_geometry(list_height, bytes_pane, profile)
        run = prefix.root / "run"
        run.mkdir(exist_ok=True)
        chown(run)
        run.chmod(0o700)
        self.log = tempfile.TemporaryFile("w+", encoding="utf-8")
        command = ["wireshark", *(["-C", profile] if profile else []),
                   *source, *options]
        self.process = subprocess.Popen(
            command, stdout=self.log, stderr=self.log, cwd=prefix.root,
            env={**prefix.environment(with_plugin), "DISPLAY": screen.display,
                 "XDG_RUNTIME_DIR": str(run), "QT_LOGGING_RULES": "qt.qpa.*=false"},
            **harness.as_plain_user())
        self.main = self.wait_for(title)
        self.settle()

    def write_geometry(self, list_height, bytes_pane, profile):
        width, height = self.screen.size
        lines = {"main_x": 0, "main_y": 0, "main_width": width, "main_height": height,
                 "main_maximized": "FALSE"}
        if list_height:
            lines["main_upper_pane"] = list_height
        common = self.prefix.config / "recent_common"
        common.write_text("".join(f"gui.geometry_{k}: {v}\n" for k, v in lines.items()))
        if profile and not bytes_pane:
            recent = self.prefix.config / "profiles" / profile / "recent"
            before = recent.read_text(encoding="utf-8") if recent.exists() else ""
            if "byte_view_show" not in before:
                recent.write_text(before + "gui.byte_view_show: FALSE\n")
        self.prefix.hand_over()

    def close(self):
        """Ends Wireshark as its user would not: the capture is not changed, nothing is asked."""
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(20)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.log.close()

    def said(self):
        self.log.seek(0)
        return [line for line in self.log.read().splitlines()
                if line.strip() and not NOT_OURS.search(line) and not harness.HARMLESS.search(line)]

    # ---- what is on the screen

    def wait_for(self, name, timeout=PATIENCE):
        """The window with this in its title."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            for window in self.screen.windows():
                if name in window.name:
                    return window
            assert self.process.poll() is None, "Wireshark ended: " + "\n".join(self.said())
            time.sleep(0.5)
        raise AssertionError(f"no window '{name}': {self.screen.windows()}, {self.said()}")

    def dialogs(self):
        return [window for window in self.screen.windows() if window.number != self.main.number]

    def settle(self, seconds=20):
        """Until two looks at the screen are the same."""
        before, end = None, time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(0.5)
            now = self.screen.imports(None, "rgb:-")
            if now == before:
                return
            before = now

    # ---- what a person does

    def focus(self, window=None):
        self.screen.xdotool("windowfocus", (window or self.main).number)
        time.sleep(0.3)

    def keys(self, *keys, window=None):
        self.focus(window)
        for key in keys:
            self.screen.xdotool("key", "--clearmodifiers", key)
            time.sleep(0.2)

    def click(self, x, y, window=None):
        window = window or self.main
        self.screen.xdotool("mousemove", str(window.x + x), str(window.y + y), "click", "1")
        time.sleep(0.3)

    def type(self, text):
        self.screen.xdotool("type", text)
        time.sleep(0.3)

    def open_analysis(self):
        """The last tree of the frame, which is ours; its findings stay one line each."""
        width, height = self.screen.size
        self.click(width // 3, height - 60)
        self.keys("End", "Right")
        self.settle()

    def open_timeline(self):
        """The trees of plugins are the last of the menu Statistics."""
        self.keys("alt+s", "Up", "Return")
        return self.opened("NLB Timeline")

    def open_report(self):
        """The menu of plugins is the last of the menu Tools."""
        self.keys("alt+t", "Up", "Right")
        self.settle()
        self.screen.xdotool("key", "Return")
        return self.opened("NLB Report")

    def open_graph(self):
        self.keys("alt+s", "i")
        return self.opened("I/O Graph")

    def open_flow(self):
        """Flow Graph is the twelfth entry of the menu from below, and NLB Flow one of its types."""
        self.keys("alt+s", *["Up"] * 12, "Return")
        dialog = self.opened("Flow")
        self.click(dialog.width // 2 + 37, dialog.height - 55, dialog)
        self.type("NLB")
        self.screen.xdotool("key", "Return")
        self.settle()
        return dialog

    def open_expert(self):
        """The last entry of the menu Analyze."""
        self.keys("alt+a", "Up", "Return")
        return self.opened("Expert Information")

    def open_packet_menu(self, x, y):
        self.screen.xdotool("mousemove", str(x), str(y), "click", "3")
        self.settle()

    def packet_menu_height(self, x, y):
        """The menu of the packet at this place, in points, by its left edge, which is there."""
        self.screen.xdotool("mousemove", str(x), str(y), "click", "1")
        self.settle()
        edge = ["-crop", f"3x{self.screen.size[1] - y - 2}+{x}+{y + 2}", "-depth", "8", "rgb:-"]
        before = self.screen.imports(None, *edge)
        self.open_packet_menu(x, y)
        after = self.screen.imports(None, *edge)
        self.screen.xdotool("key", "Escape")
        self.settle()
        return sum(before[at:at + 9] != after[at:at + 9] for at in range(0, len(before), 9))

    def open_conversations(self, x, y, up=8):
        """The submenu Conversation Filter of the packet at this place; one less up, Colorize
        Conversation. The last entries of both are ours."""
        self.open_packet_menu(x, y)
        self.screen.xdotool("key", *["Up"] * up, "Right")
        self.settle()

    def open_preferences(self):
        self.keys("ctrl+shift+p")
        dialog = self.opened("Preferences")
        self.click(60, 50, dialog)
        self.type("Protocols")
        self.screen.xdotool("key", "Right")
        self.settle()  # what is typed at once would be one word with the last
        self.type("NLB")
        self.settle()
        return dialog

    def press_setting(self, place):
        """Switches the setting over that stands at this place of our page, from 0."""
        dialog = self.open_preferences()
        # Behind the list of pages come OK, Cancel, Help and the page.
        self.screen.xdotool("key", *["Tab"] * (5 + place), "space")
        self.settle()
        self.screen.xdotool("key", "Return")
        self.gone(dialog)
        self.settle()

    def gone(self, dialog):
        end = time.monotonic() + PATIENCE
        while dialog.number in [window.number for window in self.screen.windows()]:
            assert time.monotonic() < end, f"{dialog.name} does not close"
            time.sleep(0.2)

    def import_profile(self, archive):
        """Edit > Configuration Profiles > Import > from zip file."""
        self.prefix.hand_over()
        self.keys("ctrl+shift+a")
        dialog = self.opened("Configuration Profiles")
        self.click(255, dialog.height - 24, dialog)
        self.screen.xdotool("key", "Down", "Return")
        self.settle()
        self.type(str(archive))
        self.screen.xdotool("key", "Return")

    def opened(self, name):
        dialog = self.wait_for(name)
        self.settle()
        return dialog

    def resize(self, window, width, height):
        self.screen.xdotool("windowmove", window.number, "0", "0", "windowsize", window.number,
                            str(width), str(height))
        self.settle()
        return self.screen.window(window.number)

    def dismiss(self, window):
        self.keys("Escape", window=window)
        self.settle()


def chown(path):
    if os.getuid() == 0:
        os.chown(path, harness.PLAIN_ID, harness.PLAIN_ID)


def wireshark(prefix, capture, *options, **more):
    """With a file open."""
    source = ["-r", str(prefix.captures / capture)]
    return running(prefix, source, capture.rpartition("/")[2], *options, **more)


def capturing(prefix, pipe, *options, **more):
    """Capturing from a named pipe, which has the head of a capture in it already."""
    return running(prefix, ["-k", "-i", str(pipe)], "Capturing from", *options, **more)


@contextlib.contextmanager
def running(prefix, source, title, *options, size=SIZE, **more):
    screen = Screen(*size)
    try:
        program = Wireshark(screen, prefix, source, title, *options, **more)
        try:
            yield program
        finally:
            program.close()
    finally:
        screen.close()
