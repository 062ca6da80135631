/** How a long stage tells whoever started it how far it is. */
package shallows.model.progress;
