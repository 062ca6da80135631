/**
 * What is handed to whoever deploys a network: the files that passed verification, their task, and
 * images with the answers that each file gave, so that an app can check itself on its own device.
 * In come exported files, what verifying found and test images; out comes a folder. Files that
 * failed never come here.
 */
package shallows.export.bundle;
