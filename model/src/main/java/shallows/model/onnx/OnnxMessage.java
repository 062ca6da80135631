package shallows.model.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;

/** The content of an ONNX file as the message that it is. */
public final class OnnxMessage {
  private OnnxMessage() {}

  /**
   * @param content not to be written to from now on: tensors stay slices of it, instead of copies
   * @throws IOException when it is no such message
   */
  public static ModelProto of(byte[] content) throws IOException {
    CodedInputStream input = UnsafeByteOperations.unsafeWrap(content).newCodedInput();
    input.enableAliasing(true);
    ModelProto model = ModelProto.parseFrom(input);
    input.checkLastTagWas(0);
    return model;
  }
}
