/**
 * What an ONNX file computes of constants alone: tensors of any element type and the operators on
 * them go in, tensors come out. What depends on an image does not belong here.
 */
package shallows.model.onnx.constant;
