package dev.holdfast.config;

import java.util.List;
import java.util.Set;

/**
 * The name of an instance whose command begins with a tool: a program that does something else in every folder, such as
 * {@code make} or {@code uvicorn}. What it runs is said by the folder and the arguments, so both are in the name: the
 * project's folder and the tool for people, and a checksum of the folder's whole path and of all words. So the same
 * command in the same folder is the same instance, and anything else is another one.
 */
final class ToolName {
    private static final int LONGEST_WORD = 16;

    /** By what they do: build and run; containers and tunnels; servers of a project's code; run another program. */
    private static final Set<String> TOOLS = Set.of(
            ("make gmake just task rake ant mvn mvnw mvnd gradle gradlew sbt mill lein clj clojure boot bazel bazelisk"
                            + " buck2 pants go cargo swift stack cabal zig mix iex elixir rebar3 dart flutter nix nix-shell"
                            + " nx turbo lerna rush grunt gulp webpack vite vite-node parcel rollup esbuild ng vue-cli-service"
                            + " react-scripts tox nox invoke inv fab pip pip3 conda mamba micromamba composer spring quarkus jbang"
                            + " docker docker-compose podman podman-compose nerdctl buildah kubectl oc helm tilt skaffold minikube"
                            + " lxc lxc-execute vagrant ssh autossh sshpass mosh socat ngrok cloudflared nc ncat adb"
                            + " uvicorn gunicorn hypercorn daphne granian waitress-serve flask fastapi django-admin celery"
                            + " streamlit gradio chainlit jupyter jupyter-lab jupyter-notebook mkdocs sphinx-autobuild http.server"
                            + " litestar sanic fastmcp mcp rails puma unicorn thin rackup falcon jekyll middleman sidekiq foreman"
                            + " next nuxt nuxi astro remix gatsby hugo zola eleventy serve http-server live-server json-server"
                            + " webpack-dev-server storybook start-storybook wrangler vercel netlify firebase supabase"
                            + " nodemon ts-node-dev pm2 pm2-runtime pm2-dev forever concurrently npm-run-all run-p run-s honcho"
                            + " overmind hivemind goreman air reflex watchexec entr watchman cargo-watch watchmedo hupper"
                            + " dotenv dotenvx cross-env direnv doppler op infisical aws-vault envdir chamber teller"
                            + " sudo doas su runuser gosu su-exec setpriv chpst s6-setuidgid s6-envdir execlineb with-contenv"
                            + " timeout time chrt taskset numactl prlimit chroot unshare nsenter bwrap firejail systemd-run"
                            + " systemd-inhibit systemd-cat dbus-run-session dbus-launch xvfb-run script unbuffer expect"
                            + " strace ltrace valgrind gdb gdbserver perf rr flock catatonit pidproxy holdfast wine mono")
                    .split(" "));

    /** They lie in the project's folder. */
    private static final Set<String> WRAPPERS = Set.of("mvnw", "gradlew");
    /** What a project is called whose folder has no name that says anything. */
    private static final String NO_PROJECT = "index";

    private ToolName() {}

    /** Whether a program does something else in every folder. */
    static boolean isTool(String program) {
        return TOOLS.contains(program);
    }

    /** Whether it is a build tool's, that lies in each project. */
    static boolean isWrapper(String program) {
        return WRAPPERS.contains(program);
    }

    /**
     * The name for a tool's command.
     *
     * @param project what the folder is called
     * @param command the tool and its arguments
     * @param workingDirectory the canonical path of the folder, as getcwd(3) tells it
     * @return the name, not yet looked at for letters that are not allowed
     */
    static String of(String program, String project, List<String> command, String workingDirectory) {
        StringBuilder name = new StringBuilder();
        StringBuilder whole = new StringBuilder(workingDirectory);
        for (String word : command) {
            whole.append('\0').append(word);
        }
        if (!project.equals(NO_PROJECT)) {
            append(name, project);
        }
        append(name, program);
        if (command.size() > 1 && isSubcommand(command.get(1))) {
            append(name, command.get(1));
        }
        return name.append(InstanceName.checksum(whole.toString())).toString();
    }

    private static void append(StringBuilder name, String word) {
        name.append(word, 0, Math.min(word.length(), LONGEST_WORD)).append('-');
    }

    /** {@code run} and {@code phx.server}, and not {@code -p} or {@code ./cmd/server}. */
    private static boolean isSubcommand(String word) {
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (!(c >= 'a' && c <= 'z') && (i == 0 || (c != '-' && c != '.' && c != ':'))) {
                return false;
            }
        }
        return !word.isEmpty();
    }
}
