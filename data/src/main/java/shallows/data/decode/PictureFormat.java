package shallows.data.decode;

import com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;

/**
 * What a picture file is, told from its content, as names can say anything. Some formats are read;
 * the others are known so that they can be refused by name.
 */
public enum PictureFormat {
  /** Before TIFF, which some cameras' files are in part: what they show there is a thumbnail. */
  CAMERA_RAW("raw data of a camera", "(II\\*\\x00.{4}CR|.{4}ftypcrx|FUJIFILM|IIRO|IIU\\x00)"),
  JPEG("JPEG", "\\xff\\xd8\\xff", JPEGImageReaderSpi::new),
  PNG("PNG", "\\x89PNG\\r\\n", null),
  GIF("GIF", "GIF8", null),
  BMP("BMP", "BM.{4}\\x00\\x00\\x00\\x00", null),
  TIFF("TIFF", "(II\\*\\x00|MM\\x00\\*)", TIFFImageReaderSpi::new),
  WEBP("WebP", "RIFF.{4}WEBP", WebPImageReaderSpi::new),
  AVIF("AVIF", ".{4}ftypavi[fs]"),
  HEIC("HEIC, as iPhones write it", ".{4}ftyp(hei[cxms]|hev[cxms]|mif1|msf1)"),
  JPEG_XL("JPEG XL", "(\\xff\\x0a|.{4}JXL )"),
  JPEG_2000("JPEG 2000", "(.{4}jP  |\\xff\\x4f\\xff\\x51)"),
  PHOTOSHOP("a document of Photoshop", "8BPS"),
  SVG("SVG, a drawing without pixels", "\\s*(<\\?xml[^>]*>\\s*)?(<!--.*?-->\\s*)*<svg");

  /** The formats that are read, for messages. */
  public static final String READ = "JPEG, PNG, BMP, GIF, TIFF or WebP";

  /** As much of a file, in bytes, as it takes to tell. */
  public static final int START = 256;

  private static final Set<String> RAW_ENDINGS =
      Set.of("dng", "cr2", "cr3", "nef", "arw", "raf", "orf", "rw2", "pef", "srw");

  private static final Set<String> OTHER_ENDINGS =
      Set.of(
          "jpg", "jpeg", "jpe", "jfif", "png", "gif", "bmp", "dib", "tif", "tiff", "webp", "heic",
          "heif", "hif", "avif", "jxl", "jp2", "j2k", "psd", "svg");

  private final String words;
  private final Pattern start;
  private final Supplier<ImageReaderSpi> provider;
  private final boolean read;

  /** One that is refused. */
  PictureFormat(String words, String start) {
    this(words, start, null, false);
  }

  /**
   * One that is read.
   *
   * @param start of the file, a character a byte
   * @param provider of the reader; null for that of Java itself
   */
  PictureFormat(String words, String start, Supplier<ImageReaderSpi> provider) {
    this(words, start, provider, true);
  }

  PictureFormat(String words, String start, Supplier<ImageReaderSpi> provider, boolean read) {
    this.words = words;
    this.start = Pattern.compile(start, Pattern.DOTALL);
    this.provider = provider;
    this.read = read;
  }

  /**
   * @param start the first {@link #START} bytes of a file, or all of a shorter one
   * @param name of the file
   * @return empty for what is no picture
   */
  public static Optional<PictureFormat> of(byte[] start, String name) {
    String text = new String(start, 0, Math.min(start.length, START), StandardCharsets.ISO_8859_1);
    return Arrays.stream(values())
        .filter(format -> format.start.matcher(text).lookingAt())
        .findFirst()
        .map(format -> format == TIFF && RAW_ENDINGS.contains(ending(name)) ? CAMERA_RAW : format);
  }

  /** Whether a file of this name is meant to be a picture, whatever it holds. */
  public static boolean isNameOfPicture(String name) {
    String ending = ending(name);
    return OTHER_ENDINGS.contains(ending) || RAW_ENDINGS.contains(ending);
  }

  /** What stands behind the last dot, in lower case; empty where there is none. */
  public static String ending(String name) {
    return name.substring(name.lastIndexOf('.') + 1).equals(name)
        ? ""
        : name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  /** For example {@code "HEIC, as iPhones write it"}. */
  public String words() {
    return words;
  }

  /** What to do with one that is not read. */
  String remedy() {
    return this == HEIC
        ? "convert it to JPEG (sips on macOS, heif-convert on Linux), and set the camera to"
            + " 'Most Compatible' for those to come"
        : "convert it to JPEG or PNG";
  }

  public boolean isRead() {
    return read;
  }

  ImageReader reader() throws IOException {
    if (provider == null) {
      return ImageIO.getImageReadersByFormatName(name()).next();
    }
    return registered().createReaderInstance();
  }

  /**
   * The provider as ImageIO has found it, where the reader of JPEG learns of Java's own, which it
   * builds on; in a program whose class loaders hide it from ImageIO, it is registered here.
   */
  private ImageReaderSpi registered() {
    IIORegistry registry = IIORegistry.getDefaultInstance();
    ImageReaderSpi fresh = provider.get();
    ImageReaderSpi known = registry.getServiceProviderByClass(fresh.getClass());
    if (known != null) {
      return known;
    }
    registry.registerServiceProvider(fresh, ImageReaderSpi.class);
    return fresh;
  }
}
