import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A server that answers what is asked, and finishes what it has begun before it ends. */
public final class Orders {
    private Orders() {}

    public static void main(String[] arguments) throws IOException {
        int port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 8080;
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
        Map<String, String> pages = Map.of("/health", "ok\n", "/orders", "[]\n");
        pages.forEach((path, text) -> server.createContext(path, exchange -> {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        }));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.stop(1);
            System.out.println("orders: stopped");
        }));
        server.start();
        System.out.println("orders: ready on http://localhost:" + server.getAddress().getPort() + "/orders");
    }
}
