package dev.holdfast.share;

import dev.holdfast.json.Batch;
import dev.holdfast.json.Envelope;
import dev.holdfast.json.Envelope.Member;
import dev.holdfast.json.Splice;
import dev.holdfast.share.RouteListener.Drop;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What becomes of the server's messages. */
final class ServerRoutes {
    private final OpenRequests requests;
    private final RouteListener listener;

    ServerRoutes(OpenRequests requests, RouteListener listener) {
        this.requests = requests;
        this.listener = listener;
    }

    /**
     * Takes a line of the server's.
     *
     * @param line without its end
     */
    void take(byte[] line) {
        Optional<Envelope> found = Envelope.of(line);
        if (found.isPresent()) {
            route(line, found.get());
            return;
        }
        Optional<Batch> batch = Batch.of(line);
        if (batch.isEmpty()) {
            listener.dropped(Drop.NO_MESSAGE);
            return;
        }
        for (int i = 0; i < batch.get().size(); i++) {
            byte[] element = batch.get().bytes(i);
            Optional<Envelope> message = Envelope.of(element);
            if (message.isPresent()) {
                route(element, message.get());
            } else {
                listener.dropped(Drop.NO_MESSAGE);
            }
        }
    }

    private void route(byte[] line, Envelope message) {
        boolean isAnswer = message.has(Member.RESULT) || message.has(Member.ERROR);
        if (message.hasRepeated()) {
            listener.dropped(Drop.NO_MESSAGE);
        } else if (isAnswer && !message.has(Member.METHOD)) {
            answer(line, message);
        } else if (!message.isString(Member.METHOD) || isAnswer) {
            listener.dropped(Drop.NO_MESSAGE);
        } else if (message.has(Member.ID)) {
            request(line, message);
        } else {
            notification(line, message);
        }
    }

    private void answer(byte[] line, Envelope message) {
        long wireId = RawValue.ours(line, message, Member.ID);
        OpenRequests.Request request = requests.request(wireId);
        if (request == null) {
            listener.late(wireId);
            return;
        }
        requests.close(wireId);
        message.text(Member.RESULT_TASK_ID).ifPresent(task -> requests.ownTask(task, request.client()));
        Splice answer =
                new Splice(line, message).replace(Member.ID, request.id().json());
        if (RawValue.ours(line, message, Member.RESULT_SUBSCRIPTION_ID) == wireId) {
            answer.replace(Member.RESULT_SUBSCRIPTION_ID, request.id().json());
        }
        listener.over(wireId, message.has(Member.ERROR) ? Counters.Outcome.ERROR : Counters.Outcome.OK);
        listener.answered(request.client(), wireId, answer.bytes());
    }

    private void request(byte[] line, Envelope message) {
        Optional<RawValue> id = RawValue.of(line, message, Member.ID);
        if (id.isEmpty() || requests.questionId(id.get()) != null) {
            listener.dropped(Drop.NO_MESSAGE);
        } else if (Messages.method(message).equals("ping")) {
            listener.toServer(Errors.empty(id.get().json()));
        } else if (message.has(Member.META_RELATED_TASK)) {
            Integer owner = requests.ownerOfTask(
                    message.text(Member.META_RELATED_TASK_ID).orElse(""));
            if (owner == null) {
                refuse(line, message, Errors.INVALID_PARAMS, "there is no such task");
            } else {
                ask(owner, line, message);
            }
        } else {
            listener.serverAsks(line, message);
        }
    }

    /** Has a client asked what the server asks; for the host, which has found out that it can only be this one. */
    void ask(int client, byte[] line, Envelope request) {
        RawValue id = RawValue.of(line, request, Member.ID).orElseThrow();
        Optional<RawValue> token = RawValue.of(line, request, Member.META_PROGRESS_TOKEN);
        long number = requests.open(new OpenRequests.Question(client, id, token));
        request.text(Member.PARAMS_ELICITATION_ID)
                .ifPresent(elicitation -> requests.ownElicitation(elicitation, client));
        listener.toClient(
                client,
                new Splice(line, request)
                        .replace(Member.ID, Long.toString(number))
                        .bytes());
    }

    /** Answers what the server asks with an error. */
    void refuse(byte[] line, Envelope request, int code, String why) {
        String id = RawValue.of(line, request, Member.ID).orElseThrow().json();
        listener.toServer(Errors.answer(id, code, why));
    }

    private void notification(byte[] line, Envelope message) {
        String method = Messages.method(message);
        if (message.has(Member.META_SUBSCRIPTION_ID)) {
            toOwner(line, message, Member.META_SUBSCRIPTION_ID);
            return;
        }
        switch (method) {
            case Messages.PROGRESS -> progress(line, message);
            case Messages.CANCELLED -> cancel(line, message);
            case "notifications/tasks/status" ->
                toClientOf(requests.ownerOfTask(text(message, Member.PARAMS_TASK_ID)), line);
            case "notifications/elicitation/complete" ->
                toClientOf(requests.ownerOfElicitation(text(message, Member.PARAMS_ELICITATION_ID)), line);
            default -> {
                if (Messages.namesAParty(message)) {
                    listener.dropped(Drop.UNKNOWN_OWNER);
                } else {
                    listener.announced(method, line, message);
                }
            }
        }
    }

    private void toOwner(byte[] line, Envelope message, Member number) {
        OpenRequests.Request request = requests.request(RawValue.ours(line, message, number));
        if (request == null) {
            listener.dropped(Drop.NOBODYS);
            return;
        }
        listener.toClient(
                request.client(),
                new Splice(line, message).replace(number, request.id().json()).bytes());
    }

    private void progress(byte[] line, Envelope message) {
        OpenRequests.Request request = requests.request(RawValue.ours(line, message, Member.PARAMS_PROGRESS_TOKEN));
        if (request == null || request.token().isEmpty()) {
            listener.dropped(Drop.NOBODYS);
            return;
        }
        String token = request.token().get().json();
        listener.toClient(
                request.client(),
                new Splice(line, message)
                        .replace(Member.PARAMS_PROGRESS_TOKEN, token)
                        .bytes());
    }

    private void cancel(byte[] line, Envelope message) {
        Optional<RawValue> id = RawValue.of(line, message, Member.PARAMS_REQUEST_ID);
        Long number = id.isEmpty() ? null : requests.questionId(id.get());
        OpenRequests.Question question = number == null ? null : requests.question(number);
        if (number != null && question != null) {
            requests.closeQuestion(number);
            listener.toClient(
                    question.client(),
                    new Splice(line, message)
                            .replace(Member.PARAMS_REQUEST_ID, Long.toString(number))
                            .bytes());
            return;
        }
        long wireId = RawValue.ours(line, message, Member.PARAMS_REQUEST_ID);
        OpenRequests.Request request = requests.request(wireId);
        if (request == null || !request.method().equals(Messages.LISTEN)) {
            listener.dropped(Drop.NOBODYS);
            return;
        }
        toOwner(line, message, Member.PARAMS_REQUEST_ID);
        requests.close(wireId);
    }

    private void toClientOf(@Nullable Integer owner, byte[] line) {
        if (owner == null) {
            listener.dropped(Drop.NOBODYS);
        } else {
            listener.toClient(owner, line);
        }
    }

    private static String text(Envelope message, Member member) {
        return message.text(member).orElse("");
    }
}
