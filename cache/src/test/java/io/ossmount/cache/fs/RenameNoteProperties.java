package io.ossmount.cache.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.fuse.Attempt;
import java.util.OptionalLong;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

final class RenameNoteProperties {
  private static Attempt noted(OptionalLong value) {
    return new Attempt() {
      @Override
      public OptionalLong noted() {
        return value;
      }

      @Override
      public void note(long ignored) {}
    };
  }

  @Property
  void the_next_server_finds_what_was_noted(@ForAll boolean isMoved, @ForAll int file) {
    var note = new RenameNote(isMoved, file);

    assertThat(RenameNote.in(noted(OptionalLong.of(note.value())))).contains(note);
  }

  @Example
  void what_was_noted_of_other_requests_is_none() {
    assertThat(RenameNote.in(noted(OptionalLong.empty()))).isEmpty();
    assertThat(RenameNote.in(noted(OptionalLong.of(NameChanges.BEGUN)))).isEmpty();
  }
}
