package dev.holdfast.cli;

/** The commands around servers in the background. */
final class BackgroundCommand {
    private BackgroundCommand() {}

    static boolean isOne(String word) {
        return switch (word) {
            case "start", "redeploy", "rollback", "logs", "wait", Background.WORD -> true;
            default -> false;
        };
    }

    static int execute(String[] arguments) {
        return switch (arguments[0]) {
            case "start" -> new StartCommand(Words.last(arguments, 1)).execute();
            case "redeploy" -> new RedeployCommand(Words.last(arguments, 1)).execute();
            case "rollback" -> new RollbackCommand(Words.last(arguments, 1).texts()).execute();
            case "logs" -> new LogsCommand(Words.last(arguments, 1).texts()).execute();
            case "wait" -> new WaitCommand(Words.last(arguments, 1).texts()).execute();
            default -> {
                Words words = Words.last(arguments, 1);
                Background how = Background.of(words.size() > 0 ? words.texts().get(0) : "");
                yield new RunCommand(words.from(Math.min(1, words.size())), how).execute();
            }
        };
    }
}
