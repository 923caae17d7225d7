"""Draws the steps of a scene with ncurses, on this terminal: curses-writer FILE

A line of the file is a step: the rows of the screen, each a list of runs [text, attributes, foreground]; attributes are
those of src/terminal/style.ts, and a foreground is 0 for the terminal's own, else 1 + its number. The cursor is left where it
is (leaveok) and hidden where that can be done: so ncurses sends least.
"""

import curses
import json
import locale
import os
import sys

MARK = b"\x1b]777;step\x07"
ATTRIBUTES = {1: curses.A_BOLD, 2: curses.A_DIM, 8: curses.A_UNDERLINE, 16: curses.A_BLINK, 32: curses.A_REVERSE}
GRAPHIC = 128

locale.setlocale(locale.LC_ALL, "")
window = curses.initscr()
curses.raw()
curses.noecho()
try:
    curses.curs_set(0)
except curses.error:
    pass
window.leaveok(True)
window.scrollok(False)
window.idlok(True)
coloured = curses.has_colors()
if coloured:
    curses.start_color()
    curses.use_default_colors()
pairs = {}


def look(attributes, foreground):
    result = 0
    for bit, attribute in ATTRIBUTES.items():
        if attributes & bit:
            result |= attribute
    if attributes & GRAPHIC:
        result |= curses.A_ALTCHARSET
    if foreground and coloured:
        if foreground not in pairs:
            pairs[foreground] = len(pairs) + 1
            curses.init_pair(pairs[foreground], foreground - 1, -1)
        result |= curses.color_pair(pairs[foreground])
    return result


with open(sys.argv[1], encoding="utf-8") as scene:
    for line in scene:
        for y, row in enumerate(json.loads(line)):
            x = 0
            for text, attributes, foreground in row:
                try:
                    window.addstr(y, x, text, look(attributes, foreground))
                except curses.error:
                    pass  # the lower right corner: it is drawn, but the cursor cannot go on
                x += len(text)
        window.refresh()
        os.write(1, MARK)
os._exit(0)
