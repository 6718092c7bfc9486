import { join } from 'node:path';

export const PACKAGE = join(__dirname, '..');

/** The compiled reference SUT: the current release. */
export const CURRENT = { nemoclaw: join(PACKAGE, 'dist/nemoclaw'), openshell: join(PACKAGE, 'dist/openshell') };

/** The versions of the old release. The tag of a NemoClaw release is its version behind a `v`. */
export const OLD_VERSION = { nemoclaw: '0.0.36', openshell: '0.0.36' };

/** Image of the old gateway's container. */
export const CLUSTER_IMAGE = `nemoclaw-reference/openshell-cluster:${OLD_VERSION.openshell}`;

/** File of the releases with the digest of that image's content: set-up compares it with the image's label. */
export const CLUSTER_DIGEST = 'cluster-image.digest';
