package shallows.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * What {@code model.json} says, as far as a phone needs it.
 *
 * @param identity SHA-256 of {@code model.json}, which names those of the models
 * @param labels class names, in the order of the outputs
 * @param models the TFLite files alone
 */
record ModelBundle(
    BundleFiles files,
    String identity,
    String name,
    String data,
    NetworkInput input,
    List<String> labels,
    List<Model> models,
    List<Sample> samples) {
  private static final int VERSION = 1;

  /** Whether a finger can draw what the networks know: pictures of one channel are drawing-like. */
  boolean isOfDrawings() {
    return input.channels() == 1;
  }

  /**
   * @param network {@code full} or {@code pruned}
   * @param member which of the family's networks it holds; null of the full one, and where there is
   *     no family
   * @param precision for example {@code int8}
   * @param bytes size of the file
   * @param rounding how far 99 of 100 logits of integers may be from those that were verified where
   *     they are rounded otherwise; 0 where that is not said
   * @param sha256 of the file, in hexadecimal
   */
  record Model(
      String file,
      String network,
      String member,
      String precision,
      long bytes,
      double rounding,
      String sha256) {
    String title() {
      return (member == null ? network : member) + " " + precision;
    }
  }

  /**
   * @param label index of the class it is of
   * @param sha256 of the file, in hexadecimal
   * @param logits what each file gave when it was verified
   */
  record Sample(String file, int label, String sha256, Map<String, float[]> logits) {}

  static ModelBundle read(BundleFiles files) throws DamagedBundle {
    try {
      byte[] description = files.read("model.json");
      JSONObject json = new JSONObject(new String(description, StandardCharsets.UTF_8));
      int version = json.getInt("version");
      if (version != VERSION) {
        throw new DamagedBundle("version " + version + ", this app knows " + VERSION);
      }
      List<String> labels = new ArrayList<>();
      JSONArray names = json.getJSONArray("labels");
      for (int i = 0; i < names.length(); i++) {
        labels.add(names.getString(i));
      }
      ModelBundle bundle =
          new ModelBundle(
              files,
              Sha256.of(description),
              json.getString("name"),
              json.getString("data"),
              NetworkInput.read(json.getJSONObject("input")),
              labels,
              models(json.getJSONArray("models")),
              samples(json.getJSONArray("samples"), labels.size()));
      if (labels.size() < 2 || bundle.models.isEmpty()) {
        throw new DamagedBundle("no TFLite model or no classes in model.json");
      }
      return bundle;
    } catch (IOException e) {
      throw new DamagedBundle("no model.json", e);
    } catch (JSONException | IllegalArgumentException e) {
      throw new DamagedBundle("model.json is damaged (" + e.getMessage() + ")", e);
    }
  }

  /** The same bundle with its files elsewhere. */
  ModelBundle in(BundleFiles other) {
    return new ModelBundle(other, identity, name, data, input, labels, models, samples);
  }

  /**
   * Every file with a checksum must be the one that was written with it.
   *
   * @throws IOException when one cannot be read
   */
  void requireVerifiedFiles() throws IOException, DamagedBundle {
    for (Model model : models) {
      requireVerified(model.file(), model.sha256());
    }
    for (Sample sample : samples) {
      requireVerified(sample.file(), sample.sha256());
    }
  }

  private void requireVerified(String file, String sha256) throws IOException, DamagedBundle {
    if (!Sha256.of(files.read(file)).equals(sha256)) {
      throw new DamagedBundle(file + " is not the file that was verified");
    }
  }

  private static List<Model> models(JSONArray array) throws JSONException {
    List<Model> models = new ArrayList<>();
    for (int i = 0; i < array.length(); i++) {
      JSONObject model = array.getJSONObject(i);
      if (model.getString("format").equals("tflite")) {
        models.add(
            new Model(
                plain(model.getString("file")),
                model.getString("network"),
                model.isNull("member") ? null : model.getString("member"),
                model.getString("precision"),
                model.getLong("bytes"),
                rounding(model),
                model.getString("sha256")));
      }
    }
    return models;
  }

  private static double rounding(JSONObject model) throws JSONException {
    double rounding = model.isNull("rounding") ? 0 : model.getDouble("rounding");
    if (!(rounding >= 0 && rounding < Double.POSITIVE_INFINITY)) {
      throw new JSONException("rounding of " + model.getString("file") + " is " + rounding);
    }
    return rounding;
  }

  private static List<Sample> samples(JSONArray array, int classes) throws JSONException {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < array.length(); i++) {
      JSONObject sample = array.getJSONObject(i);
      JSONObject measured = sample.getJSONObject("logits");
      Map<String, float[]> logits = new HashMap<>();
      for (var names = measured.keys(); names.hasNext(); ) {
        String file = names.next();
        JSONArray values = measured.getJSONArray(file);
        float[] row = new float[values.length()];
        for (int c = 0; c < row.length; c++) {
          row[c] = (float) values.getDouble(c);
        }
        if (row.length != classes) {
          throw new JSONException(file + ": " + row.length + " logits for " + classes + " classes");
        }
        logits.put(file, row);
      }
      int label = sample.getInt("label");
      if (label < 0 || label >= classes) {
        throw new JSONException("label " + label + " of " + classes + " classes");
      }
      samples.add(
          new Sample(plain(sample.getString("file")), label, sample.getString("sha256"), logits));
    }
    return samples;
  }

  /** A bundle is one folder: no name leads out of it. */
  static String plain(String name) throws JSONException {
    if (!name.matches("[^./\\\\][^/\\\\]*")) {
      throw new JSONException("file name " + name);
    }
    return name;
  }
}
