package dev.holdfast.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SessionChoiceTest {
    /** A server has it from its environment, and what it starts belongs to the same terminal. */
    @Test
    void idOfALivingProcessIsLedByIt() {
        SessionChoice own = SessionChoice.ofThisProcess();
        assertThat(own.leader()).isPresent();
        assertThat(SessionChoice.named(own.id())).isEqualTo(own);
    }

    @Test
    void idThatNoProcessGivesIsLedByNobody() {
        String own = SessionChoice.ofThisProcess().id();
        String digest = own.substring(own.indexOf('-') + 1);
        String other = own.substring(0, own.indexOf('-') + 1) + (digest.equals("abcdef") ? "fedcba" : "abcdef");
        for (String id : new String[] {other, "desk", "999999999-abcdef", "261128-103000", "0-000000"}) {
            assertThat(SessionChoice.named(id).leader()).as(id).isEmpty();
        }
    }
}
