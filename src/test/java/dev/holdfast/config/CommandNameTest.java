package dev.holdfast.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that was given no name gets the one its user would give it, and no two servers get the same by accident. */
class CommandNameTest {
    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                // package runners
                "npx -y @modelcontextprotocol/server-everything | server-everything",
                "npx @scope/tool@1.2.3 stdio | tool",
                "npx -p pkg bin | orders",
                "npx -p pkg pkg-mcp | pkg-mcp",
                "npx --yes -- tool | tool",
                "bunx tool@latest | tool",
                "pnpm dlx tool | tool",
                "npm exec -- tool | tool",
                "npm start | orders",
                "npm run start | orders",
                "npm run dev | orders-dev",
                "yarn start | orders",
                "pnpm dev | orders-dev",
                "yarn dev | orders-dev",
                "bun dev | orders-dev",
                "bun index.ts | orders",
                "npm test | orders-test",
                "yarn exec tool | tool",
                "poetry run tool | tool",
                "poetry run python tool.py | tool",
                "bundle exec tool | tool",
                "deno serve tool.ts | tool",
                "deno task dev | orders-dev",
                "uvx pkg@1.2 | pkg",
                "uvx pkg==1.2 | pkg",
                "uvx --from pkg pkg-server | pkg-server",
                "uv run x.py | x",
                "uv run --with httpx x.py | x",
                "uv tool run pkg | pkg",
                "pipx run pkg | pkg",
                // interpreters
                "python3 -m pkg.server 8000 | pkg.server",
                "python3 -um pkg.server | pkg.server",
                "python3.12 -u tool.py | tool",
                "python3 -I tool.py | tool",
                "python3 -W ignore tool.py | tool",
                "python3 app.py | orders",
                "python3 manage.py runserver | orders",
                "node dist/index.js | orders",
                "node ./dist/../server.js | orders",
                "node ../billing/index.js | billing",
                "node . | orders",
                "node .. | server",
                "node --inspect=0 x.js | x",
                "node -r dotenv/config x.js | x",
                "node /srv/a=b/x.js | x",
                "/usr/bin/node20 x.mjs | x",
                "deno run -A main.ts | orders",
                "deno run -A tool.ts | tool",
                "bun run tool.ts | tool",
                "bash script.sh | script",
                "sh ./start.sh | orders",
                "perl -I lib tool.pl | tool",
                "ruby tool.rb | tool",
                "php -S localhost:8000 tool.php | tool",
                // java
                "java -jar x.jar | x",
                "java -Xmx1g -jar /opt/billing/app.jar | billing",
                "java -cp a:b org.example.Main | org.example.Main",
                "java --add-opens java.base/java.lang=ALL-UNNAMED -cp a org.example.Main | org.example.Main",
                "java --add-modules ALL-SYSTEM -p mods -m org.x/org.x.Main | org.x.Main",
                "java Main.java | orders",
                "java Tool.java | Tool",
                "dotnet Orders.Api.dll | Orders.Api",
                "dotnet run | orders",
                // wrappers
                "env A=1 node x.js | x",
                "env -u A -i B=2 node x.js | x",
                "nice -n 5 node x.js | x",
                "ionice -c 2 -n 0 node x.js | x",
                "stdbuf -o L python3 tool.py | tool",
                "tini -e 143 -- node x.js | x",
                "nohup setsid nice env node x.js | x",
                // plain programs
                "redis-server | redis-server",
                "server | server",
                "./server | orders",
                "/usr/local/bin/app | app",
                "/usr/sbin/sshd -D | sshd",
                "/opt/postgresql@15/bin/postgres | postgres",
                "/home/joe@corp/tools/serve.py | serve",
                "./serve/ | serve",
                "/ | server",
            })
    void nameIsWhatTheUserWouldSay(String command, String name) {
        String found = CommandName.of(List.of(command.split(" ")), "/srv/orders");
        assertThat(found).isEqualTo(name);
        assertThat(InstanceName.isValid(found)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "make run",
                "mvn spring-boot:run",
                "./mvnw spring-boot:run",
                "gradle bootRun",
                "./gradlew run",
                "go run ./cmd/server",
                "cargo run",
                "docker run --rm nginx",
                "docker compose up",
                "uvicorn app:app",
                "gunicorn app:app",
                "flask run",
                "bundle exec rails server",
                "bundle install",
                "poetry run uvicorn app:app",
                "poetry serve",
                "uv run uvicorn app:app",
                "npx vite",
                "npx vite@5 dev",
                "pnpm exec next dev",
                "python3 -m http.server",
                "python3 -m uvicorn app:app",
                "php -S localhost:8000",
                "sudo -u www node index.js",
                "timeout 60 node index.js",
                "env A=1 make run",
                "node",
                "sh -c serve",
                "ssh -L 8080:localhost:80 host"
            })
    void toolIsToldApartByItsFolderAndItsArguments(String command) {
        List<String> words = List.of(command.split(" "));
        List<String> more = new ArrayList<>(words);
        more.add(words.size() > 1 && !command.startsWith("sh") ? "other" : "");
        if (command.startsWith("sh ")) {
            more.set(2, "other");
        }
        String name = CommandName.of(words, "/home/joe/orders");
        assertThat(name).matches("[A-Za-z0-9._-]*-[0-9a-f]{8}").matches(InstanceName::isValid);
        assertThat(CommandName.of(words, "/home/joe/orders")).isEqualTo(name);
        assertThat(CommandName.of(words, "/home/joe/billing")).isNotEqualTo(name);
        assertThat(CommandName.of(words, "/home/ann/orders")).isNotEqualTo(name);
        assertThat(CommandName.of(more, "/home/joe/orders"))
                .as("another server of the folder")
                .isNotEqualTo(name);
    }

    @Test
    void toolsNameSaysProjectAndTool() {
        assertThat(CommandName.of(List.of("make", "run"), "/home/joe/orders")).startsWith("orders-make-run-");
        assertThat(CommandName.of(List.of("docker", "run", "-p", "80:80", "nginx"), "/home/joe/orders/src"))
                .startsWith("orders-docker-run-");
        assertThat(CommandName.of(List.of("uvicorn", "app:app"), "/")).matches("uvicorn-app-app-[0-9a-f]{8}");
        assertThat(CommandName.of(List.of("make", "x".repeat(300)), "/" + "y".repeat(200)))
                .matches(InstanceName::isValid);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "npm run dev | true",
                "node index.js | true",
                "make run | true",
                "caddy run | true",
                "./server | true",
                "npx -y pkg | false",
                "uvx pkg | false",
                "node /srv/orders/index.js | false",
                "node orders.js | false",
                "/usr/sbin/sshd -D | false",
            })
    void nameOfFolderOrProgramSaysItOnlyTogetherWithTheFolder(String command, boolean depends) {
        assertThat(CommandName.dependsOnFolder(List.of(command.split(" ")))).isEqualTo(depends);
    }

    @Test
    void codeIsToldApartByItsChecksum() {
        String one = CommandName.of(List.of("sh", "-c", "serve 1"), "/");
        String other = CommandName.of(List.of("sh", "-c", "serve 2"), "/");
        assertThat(one).matches("sh-[0-9a-f]{8}").isNotEqualTo(other);
        assertThat(CommandName.of(List.of("sh", "-euxc", "serve 1"), "/")).isEqualTo(one);
        assertThat(CommandName.of(List.of("sh", "-c", "serve 1"), "/elsewhere"))
                .as("the same code in another folder is another server")
                .isNotEqualTo(one);
        assertThat(CommandName.of(List.of("bash", "-lc", "exec /opt/x; true"), "/"))
                .matches("bash-[0-9a-f]{8}");
        assertThat(CommandName.of(List.of("node", "-e", "1"), "/")).matches("node-[0-9a-f]{8}");
        assertThat(CommandName.of(List.of("python3", "-c", "1"), "/")).matches("python3-[0-9a-f]{8}");
    }

    @Test
    void namesOfOtherAlphabetsAreToldApart() {
        String one = CommandName.of(List.of("/opt/сервер"), "/");
        String other = CommandName.of(List.of("/opt/клиент"), "/");
        assertThat(one).isNotEqualTo(other);
        assertThat(InstanceName.isValid(one) && InstanceName.isValid(other)).isTrue();
        assertThat(CommandName.of(List.of("/opt/\uD83D\uDE80"), "/")).matches(InstanceName::isValid);
    }

    @Test
    void longNamesAreCutAndToldApart() {
        String prefix = "n".repeat(64);
        String one = CommandName.of(List.of(prefix + "one"), "/");
        String other = CommandName.of(List.of(prefix + "other"), "/");
        assertThat(one).hasSize(64).isNotEqualTo(other);
        assertThat(CommandName.of(List.of(prefix), "/")).isEqualTo(prefix);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "/", "//", "-", ".", "..", "@", "a@", "\0", "a b", "=", "x==", "\n"})
    void oddWordsStillGiveAValidName(String word) {
        assertThat(CommandName.of(List.of(word), "/srv/orders")).matches(InstanceName::isValid);
        for (String runner : List.of("node", "npx", "java", "sh", "env", "npm", "python3")) {
            assertThat(CommandName.of(List.of(runner, word), "/")).matches(InstanceName::isValid);
            assertThat(CommandName.of(List.of(runner, "run", word), ".")).matches(InstanceName::isValid);
        }
    }

    @Test
    void onlySixtyFourPlainCharactersAreValid() {
        assertThat(InstanceName.isValid("A-z_0.9")).isTrue();
        assertThat(InstanceName.isValid("n".repeat(64))).isTrue();
        assertThat(InstanceName.isValid("n".repeat(65))).isFalse();
        assertThat(InstanceName.isValid("...")).isTrue();
        assertThat(InstanceName.isValid("_x")).isTrue();
        for (String bad : List.of("", "a/b", "a b", "a\nb", "ä", "a\0", ".", "..", "-", "-x", "--force")) {
            assertThat(InstanceName.isValid(bad)).as("%s", bad).isFalse();
        }
    }
}
