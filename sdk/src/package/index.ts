export { manifestJsonSchema } from '../contract/manifest-json-schema.ts';
export { type ManifestProblem, type ManifestValidation, validateManifest } from '../contract/manifest-problems.ts';
export { bundlePlugin, bundleSource } from './bundle.ts';
export { BundleError } from './bundle-error.ts';
export { manifestFileName, ManifestInvalid, readManifest } from './read-manifest.ts';
