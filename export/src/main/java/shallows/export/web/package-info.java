/**
 * A bundle as a page that runs its networks in a browser. In come the files of a bundle and ONNX
 * Runtime Web, which npm brings once; out comes one folder for any web server, and a small server
 * to look at it with. What the page does lies beside these classes as resources: plain modules of
 * JavaScript that no tool puts together. The pixels that a network sees there are those of {@code
 * shallows.data.decode}, line by line.
 */
package shallows.export.web;
