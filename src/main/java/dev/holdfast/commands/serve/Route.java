package dev.holdfast.commands.serve;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Optional;

/**
 * What is served at one path.
 *
 * @param method the only method that does something; HEAD is what GET is
 * @param need what a request needs to have
 * @param work answers
 */
record Route(String method, Access.Need need, Work work) {
    /** Answers a request. */
    @FunctionalInterface
    interface Work {
        /**
         * Answers.
         *
         * @return the answer; empty when it was sent already
         * @throws IOException if the other end is gone
         */
        Optional<Reply> answer(HttpExchange exchange) throws IOException;
    }

    static Route get(Access.Need need, Work work) {
        return new Route("GET", need, work);
    }

    static Route post(Access.Need need, Work work) {
        return new Route("POST", need, work);
    }

    boolean takes(String asked) {
        return method.equals(asked) || (method.equals("GET") && asked.equals("HEAD"));
    }
}
