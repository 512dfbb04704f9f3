package dev.holdfast.posix;

/**
 * The numbers of the Linux ABI that only this room and its sub-packages use, each under its name in C, with the header
 * that has it. What callers use as well stands where they look for it: error numbers in {@link Errno}, signals,
 * poll events and the flags of open(2) in the classes that take them. A test compares all of them with what the C
 * compiler says.
 *
 * <p>x86-64 and aarch64 have the same numbers and structures, but for what is made by {@link Libc#byMachine}: the flags
 * of open(2) that a few architectures have set for themselves, and system calls that are older than the common table
 * (those from 424 on have one number everywhere). {@code NAME_AT} is an offset in a structure, {@code SIZEOF_NAME} its
 * size, both in bytes.
 *
 * <p>For {@code dev.holdfast.posix} and its sub-packages only. The compiler copies what is constant, so that this class
 * is loaded only by those who use a number that depends on the machine.
 */
public final class Abi {
    // fcntl.h, asm/fcntl.h
    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0x40;
    public static final int O_EXCL = 0x80;
    public static final int O_NOCTTY = 0x100;
    public static final int O_APPEND = 0x400;
    public static final int O_NONBLOCK = 0x800;
    public static final int O_ASYNC = 0x2000;
    public static final int O_CLOEXEC = 0x80000;
    public static final int O_PATH = 0x200000;
    /** Trades its place with O_LARGEFILE there, as O_NOFOLLOW does with O_DIRECT. */
    public static final int O_DIRECTORY = Libc.byMachine(0x10000, 0x4000);

    public static final int O_NOFOLLOW = Libc.byMachine(0x20000, 0x8000);

    public static final int F_GETFD = 1;
    public static final int F_SETFD = 2;
    public static final int F_SETFL = 4;
    public static final int F_SETOWN = 8;
    public static final int F_SETSIG = 10;
    public static final int F_OFD_GETLK = 36;
    public static final int F_OFD_SETLK = 37;
    public static final int F_DUPFD_CLOEXEC = 1030;
    public static final int F_SETPIPE_SZ = 1031;
    public static final int FD_CLOEXEC = 1;
    public static final int F_RDLCK = 0;
    public static final int F_WRLCK = 1;
    public static final int F_UNLCK = 2;
    /** struct flock: type and whence are two shorts, so that an int holds both. */
    public static final int SIZEOF_FLOCK = 32;

    public static final int FLOCK_START_AT = 8;
    public static final int FLOCK_LENGTH_AT = 16;
    public static final int FLOCK_PID_AT = 24;

    public static final int AT_FDCWD = -100;
    public static final int AT_SYMLINK_NOFOLLOW = 0x100;
    public static final int AT_SYMLINK_FOLLOW = 0x400;
    public static final int AT_EMPTY_PATH = 0x1000;

    // sys/file.h
    public static final int LOCK_SH = 1;
    public static final int LOCK_EX = 2;
    public static final int LOCK_NB = 4;
    public static final int LOCK_UN = 8;

    // unistd.h, sys/mman.h, linux/memfd.h, linux/close_range.h, limits.h
    public static final int W_OK = 2;
    public static final int X_OK = 1;
    public static final int SC_OPEN_MAX = 4;
    public static final int PROT_READ = 1;
    public static final int PROT_WRITE = 2;
    public static final int MAP_PRIVATE = 2;
    public static final int MAP_ANONYMOUS = 0x20;
    public static final int MFD_CLOEXEC = 1;
    public static final int CLOSE_RANGE_UNSHARE = 2;
    public static final int CLOSE_RANGE_CLOEXEC = 4;
    /** What a pipe takes whole or not at all, and when it polls as writable without blocking, pipe(7). */
    public static final int PIPE_BUF = 4096;

    public static final int HOST_NAME_MAX = 64;
    public static final int NGROUPS_MAX = 65_536;

    // sys/stat.h, linux/stat.h: a structure that is the same on every architecture, unlike struct stat
    public static final int S_IFMT = 0170000;
    public static final int S_IFREG = 0100000;
    public static final int S_IFDIR = 0040000;
    public static final int S_IFLNK = 0120000;
    public static final int S_IFIFO = 0010000;
    public static final int S_IFSOCK = 0140000;
    public static final int S_IFCHR = 0020000;
    public static final int S_IFBLK = 0060000;
    public static final int STATX_BASIC_STATS = 0x7ff;
    public static final int SIZEOF_STATX = 256;
    public static final int STATX_LINKS_AT = 16;
    public static final int STATX_UID_AT = 20;
    public static final int STATX_GID_AT = 24;
    public static final int STATX_MODE_AT = 28;
    public static final int STATX_INODE_AT = 32;
    public static final int STATX_SIZE_AT = 40;
    public static final int STATX_MODIFIED_AT = 112;
    public static final int STATX_DEVICE_MAJOR_AT = 136;
    public static final int STATX_DEVICE_MINOR_AT = 140;
    // The older one, for where statx(2) is refused.
    public static final int SIZEOF_STAT = Libc.byMachine(144, 128);
    public static final int STAT_INODE_AT = 8;
    public static final int STAT_LINKS_AT = Libc.byMachine(16, 20);
    public static final int STAT_MODE_AT = Libc.byMachine(24, 16);
    public static final int STAT_UID_AT = Libc.byMachine(28, 24);
    public static final int STAT_GID_AT = Libc.byMachine(32, 28);
    public static final int STAT_SIZE_AT = 48;
    public static final int STAT_MODIFIED_AT = 88;

    // sys/statfs.h: f_type is its first member, as wide as a long
    public static final int SIZEOF_STATFS = 120;

    // poll.h
    public static final int SIZEOF_POLLFD = 8;
    public static final int POLLFD_EVENTS_AT = 4;
    public static final int POLLFD_RETURNED_AT = 6;

    // sys/inotify.h
    public static final int IN_MODIFY = 2;
    public static final int IN_ATTRIB = 4;
    public static final int IN_CLOSE_WRITE = 8;
    public static final int IN_CLOSE_NOWRITE = 0x10;
    public static final int IN_MOVED_FROM = 0x40;
    public static final int IN_MOVED_TO = 0x80;
    public static final int IN_CREATE = 0x100;
    public static final int IN_DELETE = 0x200;
    public static final int IN_DELETE_SELF = 0x400;
    public static final int IN_MOVE_SELF = 0x800;
    public static final int SIZEOF_INOTIFY_EVENT = 16;
    public static final int INOTIFY_NAME_LENGTH_AT = 12;

    // asm-generic/ioctls.h
    public static final int TCGETS = 0x5401;
    public static final int TCSETSW = 0x5403;
    public static final int TIOCGPGRP = 0x540F;
    public static final int TIOCSPGRP = 0x5410;
    public static final int TIOCGWINSZ = 0x5413;
    public static final int FIONREAD = 0x541B;
    public static final int SIZEOF_WINSIZE = 8;
    public static final int WINSIZE_COLUMNS_AT = 2;

    // asm/unistd.h
    public static final int SYS_SETGROUPS = Libc.byMachine(116, 159);
    public static final int SYS_SETRESUID = Libc.byMachine(117, 147);
    public static final int SYS_SETRESGID = Libc.byMachine(119, 149);
    public static final int SYS_GETDENTS64 = Libc.byMachine(217, 61);
    public static final int SYS_RT_SIGTIMEDWAIT = Libc.byMachine(128, 137);
    public static final int SYS_NEWFSTATAT = Libc.byMachine(262, 79);
    public static final int SYS_PIDFD_SEND_SIGNAL = 424;
    public static final int SYS_PIDFD_OPEN = 434;
    public static final int SYS_CLOSE_RANGE = 436;

    // sys/prctl.h, sys/resource.h, time.h, linux/capability.h, linux/sched.h, linux/magic.h
    public static final int PR_GET_DUMPABLE = 3;
    public static final int PR_SET_DUMPABLE = 4;
    public static final int PR_SET_CHILD_SUBREAPER = 36;
    public static final int PRIO_PROCESS = 0;
    public static final int CLOCK_BOOTTIME = 7;
    public static final int CAP_KILL = 5;
    /** In no header for programs: include/linux/sched.h of the kernel. */
    public static final int PF_EXITING = 4;

    public static final int PF_KTHREAD = 0x200000;

    public static final int PID_FS_MAGIC = 0x50494446;

    // sys/wait.h
    public static final int P_ALL = 0;
    public static final int P_PID = 1;
    public static final int P_PGID = 2;
    public static final int WNOHANG = 1;
    public static final int WSTOPPED = 2;
    public static final int WEXITED = 4;
    public static final int WNOWAIT = 0x1000000;
    public static final int CLD_EXITED = 1;
    public static final int CLD_KILLED = 2;
    public static final int CLD_DUMPED = 3;

    // spawn.h
    public static final int POSIX_SPAWN_SETPGROUP = 2;
    public static final int POSIX_SPAWN_SETSIGDEF = 4;
    public static final int POSIX_SPAWN_SETSIGMASK = 8;
    /** Since glibc 2.26. */
    public static final int POSIX_SPAWN_SETSID = 0x80;

    // signal.h, sys/signalfd.h
    public static final int SIG_BLOCK = 0;
    public static final int SIG_UNBLOCK = 1;
    public static final int SIG_SETMASK = 2;
    public static final int SIG_IGN = 1;
    /** Of a signal that the kernel made, such as the terminal's Ctrl-C; sigaction(2). */
    public static final int SI_KERNEL = 0x80;
    /** Of a signal that was queued with a value, sigqueue(3). */
    public static final int SI_QUEUE = -1;
    /** glibc's sigset_t; musl's is as large. */
    public static final int SIZEOF_SIGSET = 128;

    public static final int SIZEOF_SIGACTION = 152;
    public static final int SIZEOF_SIGINFO = 128;
    public static final int SIGINFO_NUMBER_AT = 0;
    public static final int SIGINFO_CODE_AT = 8;
    public static final int SIGINFO_PID_AT = 16;
    public static final int SIGINFO_UID_AT = 20;
    /** The status of SIGCHLD, or the value of a queued signal. */
    public static final int SIGINFO_STATUS_AT = 24;

    public static final int SIZEOF_SIGNALFD_SIGINFO = 128;
    public static final int SIGNALFD_NUMBER_AT = 0;
    public static final int SIGNALFD_CODE_AT = 8;
    public static final int SIGNALFD_PID_AT = 12;
    public static final int SIGNALFD_UID_AT = 16;
    public static final int SIGNALFD_VALUE_AT = 44;

    // pwd.h, grp.h: the same in glibc and in musl
    public static final int PASSWD_NAME_AT = 0;
    public static final int PASSWD_UID_AT = 16;
    public static final int PASSWD_GID_AT = 20;
    public static final int PASSWD_HOME_AT = 32;
    public static final int PASSWD_SHELL_AT = 40;
    public static final int GROUP_GID_AT = 16;

    // sys/socket.h, sys/un.h
    public static final int AF_UNIX = 1;
    public static final int AF_INET = 2;
    public static final int AF_INET6 = 10;
    public static final int AF_NETLINK = 16;
    public static final int SOCK_STREAM = 1;
    public static final int SOCK_DGRAM = 2;
    public static final int SOCK_NONBLOCK = O_NONBLOCK;
    public static final int SOCK_CLOEXEC = O_CLOEXEC;
    public static final int SOL_SOCKET = 1;
    public static final int SO_REUSEADDR = 2;
    public static final int SO_TYPE = 3;
    public static final int SO_PASSCRED = 16;
    public static final int SO_PEERCRED = 17;
    public static final int SO_ACCEPTCONN = 30;
    public static final int SCM_RIGHTS = 1;
    public static final int SCM_CREDENTIALS = 2;
    public static final int SHUT_WR = 1;
    public static final int MSG_TRUNC = 0x20;
    public static final int MSG_DONTWAIT = 0x40;
    public static final int MSG_NOSIGNAL = 0x4000;
    public static final int MSG_CMSG_CLOEXEC = 0x40000000;
    /** The bytes of a path or a name in struct sockaddr_un, without the one that ends or begins it. */
    public static final int LONGEST_UNIX_NAME = 107;

    public static final int SIZEOF_UCRED = 12;
    public static final int SIZEOF_MSGHDR = 56;
    public static final int MSGHDR_VECTOR_AT = 16;
    public static final int MSGHDR_VECTORS_AT = 24;
    public static final int MSGHDR_CONTROL_AT = 32;
    public static final int MSGHDR_CONTROL_LENGTH_AT = 40;
    public static final int MSGHDR_FLAGS_AT = 48;
    public static final int SIZEOF_IOVEC = 16;
    public static final int IOVEC_LENGTH_AT = 8;
    public static final int SIZEOF_CMSGHDR = 16;
    public static final int CMSGHDR_LEVEL_AT = 8;
    public static final int CMSGHDR_TYPE_AT = 12;

    // netinet/in.h: the port is in network order
    public static final int IPPROTO_IPV6 = 41;
    public static final int IPV6_V6ONLY = 26;
    public static final int SIZEOF_SOCKADDR_IN = 16;
    public static final int SOCKADDR_IN_PORT_AT = 2;
    public static final int SOCKADDR_IN_ADDRESS_AT = 4;
    public static final int SIZEOF_SOCKADDR_IN6 = 28;
    public static final int SOCKADDR_IN6_PORT_AT = 2;
    public static final int SOCKADDR_IN6_ADDRESS_AT = 8;

    // linux/netlink.h, linux/sock_diag.h, linux/unix_diag.h
    public static final int NETLINK_SOCK_DIAG = 4;
    public static final int NLM_F_REQUEST = 1;
    public static final int SOCK_DIAG_BY_FAMILY = 20;
    public static final int UDIAG_SHOW_NAME = 1;
    public static final int UDIAG_SHOW_UID = 0x40;
    public static final int UNIX_DIAG_NAME = 0;
    public static final int UNIX_DIAG_UID = 7;
    public static final int SIZEOF_NLMSGHDR = 16;
    public static final int NLMSGHDR_TYPE_AT = 4;
    public static final int NLMSGHDR_FLAGS_AT = 6;
    public static final int SIZEOF_UNIX_DIAG_REQ = 24;
    public static final int UNIX_DIAG_REQ_STATES_AT = 4;
    public static final int UNIX_DIAG_REQ_INODE_AT = 8;
    public static final int UNIX_DIAG_REQ_SHOW_AT = 12;
    public static final int UNIX_DIAG_REQ_COOKIE_AT = 16;
    public static final int SIZEOF_UNIX_DIAG_MSG = 16;
    public static final int SIZEOF_NLATTR = 4;

    private Abi() {}
}
