"""A pseudo terminal at the end of a slow line: slow-pty ROWS COLUMNS BYTES_PER_SECOND COMMAND ARGUMENT...

What the command sends is read at the speed of the line and no faster, and goes to standard output; standard input goes to it.
"""

import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time

rows, columns, rate = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
pid, master = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    os.execvp(sys.argv[4], sys.argv[4:])

last, credit, idle = time.monotonic(), 0.0, True
while True:
    now = time.monotonic()
    credit += (now - last) * rate
    # A line that was idle does not make up for it; what this program was late is made up for.
    if idle:
        credit = min(credit, rate / 50)
    last = now
    inputs = [0] + ([master] if credit >= 1 else [])
    ready, _, _ = select.select(inputs, [], [], 0.003)
    idle = len(inputs) > 1 and master not in ready
    if 0 in ready:
        keys = os.read(0, 1024)
        if not keys:
            break
        os.write(master, keys)
    if master in ready:
        try:
            text = os.read(master, int(credit))
        except OSError:
            break
        credit -= len(text)
        os.write(1, text)
