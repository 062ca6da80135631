package shallows.model.json;

import com.google.gson.Gson;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;

/** Writes a value of a sealed interface as an object with one key, the name of its record. */
final class SealedTypes implements TypeAdapterFactory {
  @Override
  public <T> TypeAdapter<T> create(Gson gson, TypeToken<T> type) {
    if (!type.getRawType().isSealed()) {
      return null;
    }
    return new TypeAdapter<>() {
      @Override
      public void write(JsonWriter out, T value) throws IOException {
        out.beginObject().name(JsonTypes.kind(value.getClass()));
        gson.toJson(value, value.getClass(), out);
        out.endObject();
      }

      @Override
      public T read(JsonReader in) {
        throw new UnsupportedOperationException("JsonText reads");
      }
    };
  }
}
