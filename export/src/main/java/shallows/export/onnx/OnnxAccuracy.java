package shallows.export.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import java.util.Optional;
import shallows.export.metadata.StatedAccuracy;
import shallows.model.BadInputException;

/**
 * What an ONNX file says of its own accuracy: the entry {@value StatedAccuracy#KEY} of its {@code
 * metadata_props}.
 */
public final class OnnxAccuracy {
  private OnnxAccuracy() {}

  /**
   * The file with another statement; all else in it is as it was.
   *
   * @param where its name, for messages
   * @throws BadInputException when the bytes are no ONNX model
   */
  public static byte[] replaced(byte[] content, String where, String statement) {
    ModelProto.Builder model = OnnxParts.parsed(content, where).toBuilder();
    for (int i = model.getMetadataPropsCount() - 1; i >= 0; i--) {
      if (model.getMetadataProps(i).getKey().equals(StatedAccuracy.KEY)) {
        model.removeMetadataProps(i);
      }
    }
    model.addMetadataProps(
        StringStringEntryProto.newBuilder().setKey(StatedAccuracy.KEY).setValue(statement));
    return model.build().toByteArray();
  }

  /**
   * @param where its name, for messages
   * @return empty where the file says nothing
   * @throws BadInputException when the bytes are no ONNX model
   */
  public static Optional<String> read(byte[] content, String where) {
    return OnnxParts.parsed(content, where).getMetadataPropsList().stream()
        .filter(entry -> entry.getKey().equals(StatedAccuracy.KEY))
        .map(StringStringEntryProto::getValue)
        .findFirst();
  }
}
