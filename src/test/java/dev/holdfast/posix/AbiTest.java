package dev.holdfast.posix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.posix.files.FileDescriptors;
import dev.holdfast.posix.files.PollSet;
import dev.holdfast.posix.signals.Signals;
import dev.holdfast.testkit.Programs;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The numbers that were written down by hand are those of this machine's headers. */
@Timeout(60)
class AbiTest {
    /** What another word in Java stands for than its name in C; all else is a macro or a constant of the same name. */
    private static final Map<String, String> IN_C = Map.ofEntries(
            Map.entry("SIZEOF_FLOCK", "sizeof(struct flock)"),
            Map.entry("FLOCK_START_AT", "offsetof(struct flock, l_start)"),
            Map.entry("FLOCK_LENGTH_AT", "offsetof(struct flock, l_len)"),
            Map.entry("FLOCK_PID_AT", "offsetof(struct flock, l_pid)"),
            Map.entry("SC_OPEN_MAX", "_SC_OPEN_MAX"),
            Map.entry("SIZEOF_STATX", "sizeof(struct statx)"),
            Map.entry("STATX_LINKS_AT", "offsetof(struct statx, stx_nlink)"),
            Map.entry("STATX_UID_AT", "offsetof(struct statx, stx_uid)"),
            Map.entry("STATX_GID_AT", "offsetof(struct statx, stx_gid)"),
            Map.entry("STATX_MODE_AT", "offsetof(struct statx, stx_mode)"),
            Map.entry("STATX_INODE_AT", "offsetof(struct statx, stx_ino)"),
            Map.entry("STATX_SIZE_AT", "offsetof(struct statx, stx_size)"),
            Map.entry("STATX_MODIFIED_AT", "offsetof(struct statx, stx_mtime)"),
            Map.entry("STATX_DEVICE_MAJOR_AT", "offsetof(struct statx, stx_dev_major)"),
            Map.entry("STATX_DEVICE_MINOR_AT", "offsetof(struct statx, stx_dev_minor)"),
            Map.entry("SIZEOF_STAT", "sizeof(struct stat)"),
            Map.entry("STAT_INODE_AT", "offsetof(struct stat, st_ino)"),
            Map.entry("STAT_LINKS_AT", "offsetof(struct stat, st_nlink)"),
            Map.entry("STAT_MODE_AT", "offsetof(struct stat, st_mode)"),
            Map.entry("STAT_UID_AT", "offsetof(struct stat, st_uid)"),
            Map.entry("STAT_GID_AT", "offsetof(struct stat, st_gid)"),
            Map.entry("STAT_SIZE_AT", "offsetof(struct stat, st_size)"),
            Map.entry("STAT_MODIFIED_AT", "offsetof(struct stat, st_mtime)"),
            Map.entry("SIZEOF_STATFS", "sizeof(struct statfs) + offsetof(struct statfs, f_type)"),
            Map.entry("SIZEOF_POLLFD", "sizeof(struct pollfd)"),
            Map.entry("POLLFD_EVENTS_AT", "offsetof(struct pollfd, events)"),
            Map.entry("POLLFD_RETURNED_AT", "offsetof(struct pollfd, revents)"),
            Map.entry("SIZEOF_INOTIFY_EVENT", "sizeof(struct inotify_event)"),
            Map.entry("INOTIFY_NAME_LENGTH_AT", "offsetof(struct inotify_event, len)"),
            Map.entry("SIZEOF_WINSIZE", "sizeof(struct winsize)"),
            Map.entry("WINSIZE_COLUMNS_AT", "offsetof(struct winsize, ws_col)"),
            Map.entry("SYS_SETGROUPS", "__NR_setgroups"),
            Map.entry("SYS_SETRESUID", "__NR_setresuid"),
            Map.entry("SYS_SETRESGID", "__NR_setresgid"),
            Map.entry("SYS_GETDENTS64", "__NR_getdents64"),
            Map.entry("SYS_RT_SIGTIMEDWAIT", "__NR_rt_sigtimedwait"),
            Map.entry("SYS_NEWFSTATAT", "__NR_newfstatat"),
            Map.entry("SYS_PIDFD_SEND_SIGNAL", "__NR_pidfd_send_signal"),
            Map.entry("SYS_PIDFD_OPEN", "__NR_pidfd_open"),
            Map.entry("SYS_CLOSE_RANGE", "__NR_close_range"),
            Map.entry("PF_EXITING", "4"), // the kernel's own
            Map.entry("PF_KTHREAD", "0x200000"), // the same
            Map.entry("PID_FS_MAGIC", "0x50494446"), // in no header before Linux 6.9
            Map.entry("SIG_IGN", "(long) SIG_IGN"),
            Map.entry("SIZEOF_SIGSET", "sizeof(sigset_t)"),
            Map.entry("SIZEOF_SIGACTION", "sizeof(struct sigaction)"),
            Map.entry("SIZEOF_SIGINFO", "sizeof(siginfo_t)"),
            Map.entry("SIGINFO_NUMBER_AT", "offsetof(siginfo_t, si_signo)"),
            Map.entry("SIGINFO_CODE_AT", "offsetof(siginfo_t, si_code)"),
            Map.entry("SIGINFO_PID_AT", "offsetof(siginfo_t, si_pid)"),
            Map.entry("SIGINFO_UID_AT", "offsetof(siginfo_t, si_uid)"),
            Map.entry("SIGINFO_STATUS_AT", "offsetof(siginfo_t, si_status)"),
            Map.entry("SIZEOF_SIGNALFD_SIGINFO", "sizeof(struct signalfd_siginfo)"),
            Map.entry("SIGNALFD_NUMBER_AT", "offsetof(struct signalfd_siginfo, ssi_signo)"),
            Map.entry("SIGNALFD_CODE_AT", "offsetof(struct signalfd_siginfo, ssi_code)"),
            Map.entry("SIGNALFD_PID_AT", "offsetof(struct signalfd_siginfo, ssi_pid)"),
            Map.entry("SIGNALFD_UID_AT", "offsetof(struct signalfd_siginfo, ssi_uid)"),
            Map.entry("SIGNALFD_VALUE_AT", "offsetof(struct signalfd_siginfo, ssi_int)"),
            Map.entry("PASSWD_NAME_AT", "offsetof(struct passwd, pw_name)"),
            Map.entry("PASSWD_UID_AT", "offsetof(struct passwd, pw_uid)"),
            Map.entry("PASSWD_GID_AT", "offsetof(struct passwd, pw_gid)"),
            Map.entry("PASSWD_HOME_AT", "offsetof(struct passwd, pw_dir)"),
            Map.entry("PASSWD_SHELL_AT", "offsetof(struct passwd, pw_shell)"),
            Map.entry("GROUP_GID_AT", "offsetof(struct group, gr_gid)"),
            Map.entry("LONGEST_UNIX_NAME", "sizeof(((struct sockaddr_un *) 0)->sun_path) - 1"),
            Map.entry("SIZEOF_UCRED", "sizeof(struct ucred)"),
            Map.entry("SIZEOF_MSGHDR", "sizeof(struct msghdr)"),
            Map.entry("MSGHDR_VECTOR_AT", "offsetof(struct msghdr, msg_iov)"),
            Map.entry("MSGHDR_VECTORS_AT", "offsetof(struct msghdr, msg_iovlen)"),
            Map.entry("MSGHDR_CONTROL_AT", "offsetof(struct msghdr, msg_control)"),
            Map.entry("MSGHDR_CONTROL_LENGTH_AT", "offsetof(struct msghdr, msg_controllen)"),
            Map.entry("MSGHDR_FLAGS_AT", "offsetof(struct msghdr, msg_flags)"),
            Map.entry("SIZEOF_IOVEC", "sizeof(struct iovec)"),
            Map.entry("IOVEC_LENGTH_AT", "offsetof(struct iovec, iov_len)"),
            Map.entry("SIZEOF_CMSGHDR", "sizeof(struct cmsghdr)"),
            Map.entry("CMSGHDR_LEVEL_AT", "offsetof(struct cmsghdr, cmsg_level)"),
            Map.entry("CMSGHDR_TYPE_AT", "offsetof(struct cmsghdr, cmsg_type)"),
            Map.entry("SIZEOF_SOCKADDR_IN", "sizeof(struct sockaddr_in)"),
            Map.entry("SOCKADDR_IN_PORT_AT", "offsetof(struct sockaddr_in, sin_port)"),
            Map.entry("SOCKADDR_IN_ADDRESS_AT", "offsetof(struct sockaddr_in, sin_addr)"),
            Map.entry("SIZEOF_SOCKADDR_IN6", "sizeof(struct sockaddr_in6)"),
            Map.entry("SOCKADDR_IN6_PORT_AT", "offsetof(struct sockaddr_in6, sin6_port)"),
            Map.entry("SOCKADDR_IN6_ADDRESS_AT", "offsetof(struct sockaddr_in6, sin6_addr)"),
            Map.entry("SIZEOF_NLMSGHDR", "sizeof(struct nlmsghdr)"),
            Map.entry("NLMSGHDR_TYPE_AT", "offsetof(struct nlmsghdr, nlmsg_type)"),
            Map.entry("NLMSGHDR_FLAGS_AT", "offsetof(struct nlmsghdr, nlmsg_flags)"),
            Map.entry("SIZEOF_UNIX_DIAG_REQ", "sizeof(struct unix_diag_req)"),
            Map.entry("UNIX_DIAG_REQ_STATES_AT", "offsetof(struct unix_diag_req, udiag_states)"),
            Map.entry("UNIX_DIAG_REQ_INODE_AT", "offsetof(struct unix_diag_req, udiag_ino)"),
            Map.entry("UNIX_DIAG_REQ_SHOW_AT", "offsetof(struct unix_diag_req, udiag_show)"),
            Map.entry("UNIX_DIAG_REQ_COOKIE_AT", "offsetof(struct unix_diag_req, udiag_cookie)"),
            Map.entry("SIZEOF_UNIX_DIAG_MSG", "sizeof(struct unix_diag_msg)"),
            Map.entry("SIZEOF_NLATTR", "sizeof(struct nlattr)"),
            Map.entry("FIRST_AFTER_STDERR", "STDERR_FILENO + 1"),
            Map.entry("READABLE", "POLLIN"),
            Map.entry("WRITABLE", "POLLOUT"),
            Map.entry("PEER_CLOSED", "POLLRDHUP"),
            Map.entry("ERROR", "POLLERR"),
            Map.entry("HANG_UP", "POLLHUP"),
            Map.entry("HIGHEST", "_NSIG - 1"));

    private static final String HEADERS = """
            #define _GNU_SOURCE
            #include <stdio.h>
            #include <stddef.h>
            #include <errno.h>
            #include <fcntl.h>
            #include <grp.h>
            #include <limits.h>
            #include <poll.h>
            #include <pwd.h>
            #include <signal.h>
            #include <spawn.h>
            #include <time.h>
            #include <unistd.h>
            #include <netinet/in.h>
            #include <sys/file.h>
            #include <sys/inotify.h>
            #include <sys/ioctl.h>
            #include <sys/mman.h>
            #include <sys/prctl.h>
            #include <sys/resource.h>
            #include <sys/signalfd.h>
            #include <sys/socket.h>
            #include <sys/stat.h>
            #include <sys/statfs.h>
            #include <sys/syscall.h>
            #include <sys/uio.h>
            #include <sys/un.h>
            #include <sys/wait.h>
            #include <linux/capability.h>
            #include <linux/close_range.h>
            #include <linux/limits.h>
            #include <linux/netlink.h>
            #include <linux/sock_diag.h>
            #include <linux/unix_diag.h>
            """;

    @TempDir
    Path folder;

    @Test
    void numbersAreThoseOfTheHeaders() throws IOException, ReflectiveOperationException, InterruptedException {
        Programs.require("gcc");
        Map<String, Long> ours = new TreeMap<>();
        StringBuilder program = new StringBuilder(HEADERS).append("int main(void) {\n");
        Map<Class<?>, String> prefixes = new LinkedHashMap<>();
        prefixes.put(Abi.class, "");
        prefixes.put(Errno.class, "");
        prefixes.put(FileDescriptors.class, "");
        prefixes.put(PollSet.class, "");
        prefixes.put(Signals.class, "SIG");
        for (Map.Entry<Class<?>, String> type : prefixes.entrySet()) {
            for (Field field : type.getKey().getFields()) {
                if (Modifier.isStatic(field.getModifiers())) {
                    String name = type.getKey().getSimpleName() + "." + field.getName();
                    String inC = IN_C.getOrDefault(field.getName(), type.getValue() + field.getName());
                    ours.put(name, ((Number) field.get(null)).longValue());
                    program.append("printf(\"%s %%lld\\n\", (long long) (%s));\n".formatted(name, inC));
                }
            }
        }
        Path source = Files.writeString(folder.resolve("abi.c"), program.append("}\n"));
        assertThat(ours).hasSizeGreaterThan(200);
        Map<String, Long> theirs = new TreeMap<>();
        run("gcc", "-w", "-o", folder.resolve("abi").toString(), source.toString());
        run(folder.resolve("abi").toString()).lines().forEach(line -> {
            String[] words = line.split(" ");
            theirs.put(words[0], Long.parseLong(words[1]));
        });
        assertThat(ours).isEqualTo(theirs);
    }

    /** A copy of one of them would not be compared. The compiler leaves no trace of who uses a constant. */
    @Test
    void numbersStandOnlyThere() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java/dev/holdfast"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                String text = Files.readString(file);
                boolean isOfPosix = file.toString().contains("/posix/");
                if (!isOfPosix) {
                    assertThat(text).as("%s", file).doesNotContain("posix.Abi");
                } else if (!file.endsWith("Abi.java") && !file.endsWith("Libc.java") && !file.endsWith("Errno.java")) {
                    assertThat(text)
                            .as("%s", file)
                            .doesNotContainPattern("int (?:O|F|AF|MSG|SO|SIG|SYS|IN|LOCK|AT|PR|S)_[A-Z_]+ = -?[0-9]")
                            .doesNotContain("os.arch");
                }
            }
        }
    }

    private static String run(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
