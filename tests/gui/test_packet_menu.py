# SPDX-License-Identifier: GPL-2.0-or-later
"""The menu of a packet with a finding: NLB > Explain this finding. From Wireshark 4.4 on, so
./dev matrix runs this; test_window.py sees that older ones have no such entry."""
import window

ROUTER = "foreign-router.pcapng"
COPY = (400, 243)  # in the packet list, frame 10


def test_the_menu_explains_the_finding(prefix):
    with window.wireshark(prefix, ROUTER) as program:
        program.open_packet_menu(*COPY)
        program.screen.xdotool("key", *["Down"] * 6, "Right", "Return")  # ours is the sixth entry
        dialog = program.opened("NLB: this finding")
        program.screen.keep_picture("explain", dialog)
        # The sentence, why, what to do and the filter; an empty window has a dozen points.
        assert program.screen.pixels("#000000", dialog) > 100
        assert program.said() == []
