# SPDX-License-Identifier: GPL-2.0-or-later
"""Moments, as tshark writes them and as people read them."""
import calendar
import time


def time_of(epoch):
    """Nanoseconds, and as people write it: "1705309203.33346" or, from later Wiresharks, the latter."""
    if "T" in epoch:
        moment, _, fraction = epoch.rstrip("Z").partition(".")
        seconds = calendar.timegm(time.strptime(moment, "%Y-%m-%dT%H:%M:%S"))
    else:
        whole, _, fraction = epoch.partition(".")
        seconds = int(whole)
    fraction = fraction.ljust(9, "0")[:9]
    return (seconds * 10**9 + int(fraction),
            time.strftime("%Y-%m-%dT%H:%M:%S.", time.gmtime(seconds)) + fraction + "Z")
