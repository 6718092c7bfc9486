declare const OPENSHELL_VERSION: string | undefined;

/** Version of OpenShell that this build speaks for; the bundler fills it in. */
export const openshellVersion: string = typeof OPENSHELL_VERSION === 'string' ? OPENSHELL_VERSION : '0.0.44';
