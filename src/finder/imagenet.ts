/** Mean and standard deviation of ImageNet's pictures, by channel: what most models but CLIP are shown their pictures in. */
export const IMAGENET = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] } as const
