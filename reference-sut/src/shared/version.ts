declare const OPENSHELL_VERSION: string | undefined;
declare const GATEWAY_KIND: 'host' | 'container' | undefined;

/** Version of OpenShell that this build is; the bundler fills it in. */
export const openshellVersion: string = typeof OPENSHELL_VERSION === 'string' ? OPENSHELL_VERSION : '0.0.44';

/** How this build's gateway runs: on the host since 0.0.37, in a container of its own before (sut-contract.md, “openshell”). */
export const gatewayKind: 'host' | 'container' = typeof GATEWAY_KIND === 'string' ? GATEWAY_KIND : 'host';

/** The two kinds have different protocols; client and gateway name theirs to each other. */
export const protocol = gatewayKind === 'container' ? '1' : '2';

/** Header in which a client names its protocol; its value is `<protocol> <OpenShell's version>`. */
export const protocolHeader = 'x-openshell-protocol';
