/**
 * Holdfast for servers that run on a JVM: the server guards itself, without the launcher.
 *
 * <p>Start at {@link dev.holdfast.Holdfast}, made by {@link dev.holdfast.Holdfast#named}:
 *
 * <pre>{@code
 * try (Holdfast guard = Holdfast.named("orders").version("1.0.0").onStop(server::close).acquire()) {
 *     server.run();
 * }
 * }</pre>
 *
 * <p>The words, one for each thing, here and everywhere in Holdfast: an <em>instance</em> is what has a name and exists
 * once; its <em>holder</em> is the process whose open file description carries the kernel's locks, and it is
 * <em>verified</em> when that was proved and not only read; the <em>record</em> is what the holder has written about
 * itself into the lock file; a record is <em>stale</em> when nobody holds the lock; an <em>orphan</em> is a server that lives
 * on without its launcher; an <em>advisory holder</em> is a process that holds an advisory lock; the <em>owner</em> of a file is
 * a user; the <em>grace</em> is how long a stop may take before it is ended by force; a <em>second launch</em> hands its
 * arguments to the instance that runs; a <em>redeploy</em> puts another command into the place of a running one.
 *
 * <p>On a crash: the kernel frees the lock when the JVM dies, however it dies. The file stays, stale, and the next start
 * takes it over. Children that the JVM starts do not inherit the lock. On NFS the locks may not exclude anybody; in
 * containers only those that share the folder exclude each other.
 *
 * <p>How a reader of the launcher's code gets from what was typed to the system call, each hop into the same room or one
 * below; a test holds the hops:
 *
 * <pre>{@code
 * accepted start:  cli.Main > cli.RunCommand > guard.Guard > guard.Acquisition > lock.file.LockFile > lock.file.OpenLockFile > posix.files.FileLocks
 * server:          guard.Guard > guard.SuperviseHandOff > guard.ServerLaunch > posix.processes.Spawn
 * what it holds:   guard.Acquisition > tenure.LocalTenure > lock.file.HeldLock
 * refusal:         guard.Acquisition > guard.Contention > guard.Opponents > instance.Incumbent
 * who that is:     guard.Acquisition > guard.LiveOpponents > lock.file.HolderSearch > lock.file.HolderProof > lock.file.LockProof
 * what it reads:   lock.file.HolderSearch > lock.file.HolderProof > posix.processes.ProcFs
 * its text:        cli.RunCommand > cli.ConflictMessage > cli.InstanceHint
 * takeover:        guard.LiveOpponents > guard.LiveOpponent > instance.HolderTermination > process.PinnedProcess > posix.processes.ProcessDescriptor
 * stop by signal:  supervise.SignalSource > supervise.SignalHandler > supervise.InstanceLife > supervise.ServerLife > supervise.ServerTree
 * its processes:   supervise.ServerProcess > process.ProcessTree > process.PinnedProcess
 * stop by command: cli.Main > cli.InstanceCommand > cli.StopCommand > instance.InstanceStop > instance.HolderTermination
 * restart:         cli.InstanceCommand > cli.ControlCommand > instance.InstanceControl > instance.Carrier > control.Request
 * in the launcher: supervise.Supervisor > supervise.InstanceLife > supervise.Restarter
 * supervision:     guard.SuperviseHandOff > guard.SupervisorWiring > supervise.Supervisor > supervise.EventLoop > supervise.EventSource
 * what is told:    supervise.ServerLife > supervise.InstanceListeners > supervise.InstanceEvent > supervise.InstanceListener
 * output:          guard.ServerChannels > guard.ServerOutput > supervise.OutputTap > output.OutputFile > output.OutputFolder
 * sockets it keeps: guard.ServerLaunch > listen.ListeningSockets > listen.SocketOpening > posix.sockets.ListeningSocket
 * background:      cli.Main > cli.BackgroundCommand > cli.StartCommand > cli.StartedLauncher > posix.processes.Spawn
 * redeploy:        cli.BackgroundCommand > cli.RedeployCommand > instance.InstanceRedeploy > instance.LongExchange > posix.sockets.UnixStream
 * in the launcher: guard.ControlHandler > guard.Deployments > supervise.Redeployment > supervise.ServerPlan
 * second launch:   guard.Contention > guard.LiveOpponents > guard.LiveOpponent > instance.InstanceActivation > instance.LongExchange
 * in the launcher: guard.ControlHandler > guard.ServerActivation > hook.Hooks > hook.ActivationRun
 * the library:     HoldfastBuilder > embed.EmbeddedStart > guard.Acquisition
 * }</pre>
 */
@NullMarked
package dev.holdfast;

import org.jspecify.annotations.NullMarked;
