"""What client and service say to each other over the Unix socket. Imports nothing: the client must start at
once.

    client            service
    HELLO + program   ACCEPTED, or DECLINED (another program, changed files, not wanted)
    request, 4 fds    BEGUN
    a signal's byte   (relayed to the command)
                      STATUS + one byte, or KILLED + the signal's number

The descriptors are standard input, output, error and the working folder; for a service of another user also
the line on which it asks for files (workflow.service.hands). The request is a length of eight
bytes and then fields, each ended by a NUL: umask, the number of words, the words, and NAME=value for each
variable.
"""

HELLO = b"disclosure-service 1\n"
ACCEPTED, DECLINED, BEGUN, STATUS, KILLED = b"A", b"D", b"B", b"S", b"K"
# What only a process that runs commands says to the service: it can run another one.
AGAIN = b"R"
STOP, CONTINUE = b"Z", b"C"  # terminal job control; other signals are sent as their number
SOCKET, FOLDER, AUTOMATIC = "service.sock", "service", "automatic"
SYSTEM_FOLDER = "/run/disclosure"
# Seconds that the client waits for an answer before it runs the command itself.
PATIENCE = 0.05
# So often it waits again for a service that is at work.
PATIENT_TIMES = 40


# The working folder by name, where descriptors alone do not say it.
FOLDER_NAME = b"PWD"
# All that a service of another user takes over from the caller's variables: how he wants to be spoken to.
_PASSED = (
    b"LANG",
    b"LANGUAGE",
    b"TERM",
    b"COLUMNS",
    b"LINES",
    b"NO_COLOR",
    b"PWD",
    b"PAGER",
    b"DISCLOSURE_LANG",
    b"DISCLOSURE_PLAIN",
    b"DISCLOSURE_OFFICER",
    b"DISCLOSURE_OFFICE",
)


def passed_on(name: bytes) -> bool:
    """Whether a service of another user takes over this variable."""
    return name in _PASSED or name.startswith((b"LC_", b"_DISCLOSURE_COMPLETE", b"COMP_"))


def pack(umask: int, words: list[bytes], variables: dict[bytes, bytes]) -> bytes:
    """A request as bytes."""
    fields = [str(umask).encode(), str(len(words)).encode(), *words]
    fields += [name + b"=" + value for name, value in variables.items()]
    body = b"".join(field + b"\0" for field in fields)
    return len(body).to_bytes(8, "big") + body


def unpack(body: bytes) -> tuple[int, list[bytes], dict[bytes, bytes]]:
    """umask, words and variables of a request's body; ValueError where it is none."""
    fields = body.split(b"\0")
    if fields.pop() or len(fields) < 2:
        raise ValueError("cut off")
    count = int(fields[1])
    words, rest = fields[2 : 2 + count], fields[2 + count :]
    if len(words) != count:
        raise ValueError("words are missing")
    variables = {}
    for field in rest:
        name, found, value = field.partition(b"=")
        if not found:
            raise ValueError("a variable without a value")
        variables[name] = value
    return int(fields[0]), words, variables
