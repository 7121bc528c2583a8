package io.ossmount.cache.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class NotesTest {
  @Property
  void aLineIsJsonWhateverItSays(@ForAll String message) throws Exception {
    // when
    var line = Notes.json(1, "INFO", message);
    // then
    var read = Struct.newBuilder();
    JsonFormat.parser().merge(line, read);
    assertThat(read.getFieldsOrThrow("formattedMessage").getStringValue()).isEqualTo(message);
    assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
  }
}
