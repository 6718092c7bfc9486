/**
 * Confines itself to the given paths, by Landlock, and becomes the command: `COMPATIBILITY RULES COMMAND [ARG]…`, where
 * RULES is JSON with read_only and read_write. It is Python, because Node cannot make system calls, and every agent image has a Python.
 * A rename between two directories that may both be written is allowed; between devices it still fails (EXDEV).
 */
export const landlockLauncher = `
import ctypes, json, os, signal, stat, struct, sys

compatibility, rules, command = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3:]
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, REFER, TRUNCATE = (1 << bit for bit in (0, 1, 2, 3, 13, 14))
READ = EXECUTE | READ_FILE | READ_DIR
ON_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE
library = ctypes.CDLL(None, use_errno=True)


def call(function, *arguments):
    result = function(*(ctypes.c_long(each) if isinstance(each, int) else each for each in arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def handled_rights():
    abi = call(library.syscall, CREATE_RULESET, None, 0, 1)
    return (1 << 13) - 1 | (REFER if abi >= 2 else 0) | (TRUNCATE if abi >= 3 else 0)


def allow(ruleset, path, rights):
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        if compatibility == "hard_requirement":
            raise
        return
    if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
        rights &= ON_FILES
    call(library.syscall, ADD_RULE, ruleset, 1, struct.pack("=Qi", rights, descriptor), 0)
    os.close(descriptor)


def confine():
    handled = handled_rights()
    ruleset = call(library.syscall, CREATE_RULESET, struct.pack("=Q", handled), 8, 0)
    for path in rules["read_only"]:
        allow(ruleset, path, READ)
    for path in rules["read_write"]:
        allow(ruleset, path, handled)
    call(library.prctl, 38, 1, 0, 0, 0)
    call(library.syscall, RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def fail(status, reason):
    sys.stderr.write("openshell-sandbox: %s\\n" % reason)
    sys.exit(status)


try:
    confine()
except OSError as error:
    if compatibility == "hard_requirement":
        fail(126, "the policy's file system part cannot be enforced: %s" % error)
# Python ignores it, and what is ignored stays so in the command.
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
try:
    os.execvp(command[0], command)
except FileNotFoundError:
    fail(127, "%s: not found" % command[0])
except OSError as error:
    fail(126, "%s: %s" % (command[0], error.strerror))
`.trim();
