/**
 * The app: a picture goes in, the classes that the models of a bundle give it come out, with how
 * long each took. A bundle is files ({@code model.json}, TFLite models, samples); no stage of the
 * toolkit is known here, only the classes by which training sizes images and verification reads
 * outputs.
 */
package shallows.demo;
