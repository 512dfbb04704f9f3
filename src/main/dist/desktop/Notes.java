import dev.holdfast.ActivatedException;
import dev.holdfast.Activation;
import dev.holdfast.ActivationAnswer;
import dev.holdfast.AlreadyRunningException;
import dev.holdfast.Holdfast;
import dev.holdfast.OnConflict;
import dev.holdfast.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.swing.JFrame;
import javax.swing.JOptionPane;
import javax.swing.JScrollPane;
import javax.swing.JTabbedPane;
import javax.swing.JTextArea;
import javax.swing.SwingUtilities;

/** A small editor with one window: the example of desktop.md for a program that guards itself. */
public final class Notes {
    private final JFrame window = new JFrame("Notes");
    private final JTabbedPane book = new JTabbedPane();

    public static void main(String[] args) throws Exception {
        Holdfast guard;
        try {
            guard = Holdfast.named("notes-swing")
                    .scope(Scope.USER)
                    .onConflict(OnConflict.ACTIVATE)
                    .arguments(args)
                    .acquire();
        } catch (ActivatedException e) {
            System.exit(e.exitCode()); // the running editor has the files
            return;
        } catch (AlreadyRunningException e) {
            JOptionPane.showMessageDialog(null, e.getMessage()); // it hangs, say: nobody sees stderr here
            System.exit(75);
            return;
        }
        Notes notes = new Notes();
        SwingUtilities.invokeAndWait(() -> notes.open(Path.of("").toAbsolutePath(), List.of(args)));
        // Second launches have waited for this. The JVM's end releases the lock.
        guard.onActivate(activation -> notes.activated(activation));
    }

    private ActivationAnswer activated(Activation activation) throws Exception {
        Path folder = activation.folder().orElse(Path.of("/"));
        SwingUtilities.invokeAndWait(() -> open(folder, activation.arguments()));
        return ActivationAnswer.DONE;
    }

    private void open(Path folder, List<String> files) {
        for (String file : files) {
            Path path = file.startsWith("file:") ? Path.of(URI.create(file)) : folder.resolve(file);
            book.addTab(path.getFileName().toString(), new JScrollPane(new JTextArea(text(path))));
            book.setSelectedIndex(book.getTabCount() - 1);
        }
        if (!window.isDisplayable()) {
            window.setDefaultCloseOperation(JFrame.EXIT_ON_CLOSE);
            window.add(book);
            window.setSize(480, 320);
            window.setVisible(true);
        }
        window.setExtendedState(window.getExtendedState() & ~JFrame.ICONIFIED);
        window.toFront();
        window.requestFocus();
    }

    private static String text(Path path) {
        try {
            return Files.exists(path) ? new String(Files.readAllBytes(path), StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
