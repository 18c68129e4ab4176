"""Listens and connects on abstract Unix sockets, VSOCK, netlink and packets, where no file guards the door."""

# %% lif_threshold_solution
import socket

opened = []
for name in ("AF_UNIX", "AF_VSOCK", "AF_NETLINK", "AF_PACKET", "AF_ALG", "AF_BLUETOOTH"):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
        try:
            made = socket.socket(getattr(socket, name), kind)
            if name == "AF_UNIX":
                made.bind("\0" + KNOWN["mark"])
                made.listen()
            opened.append((name, kind, made))
        except (OSError, AttributeError):
            continue
I_min = 0.123
