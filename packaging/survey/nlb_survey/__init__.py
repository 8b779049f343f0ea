# SPDX-License-Identifier: GPL-2.0-or-later
"""What nlb-survey is made of: captures, learn, plan, diagnose, report; each step is a file."""
