declare const OPENSHELL_VERSION: string | undefined;
declare const GATEWAY_KIND: 'host' | 'container' | undefined;

/** Version of OpenShell that this build speaks for; the bundler fills it in. */
export const openshellVersion: string = typeof OPENSHELL_VERSION === 'string' ? OPENSHELL_VERSION : '0.0.44';

/** How this build's gateway runs: on the host since 0.0.37, in a container of its own before (sut-contract.md, “openshell”). */
export const gatewayKind: 'host' | 'container' = typeof GATEWAY_KIND === 'string' ? GATEWAY_KIND : 'host';

/** The two kinds do not understand each other: client and gateway tell each other which of them they speak. */
export const protocol = gatewayKind === 'container' ? '1' : '2';

/** Header in which client and gateway say which protocol they speak; its value is `<protocol> <OpenShell's version>`. */
export const protocolHeader = 'x-openshell-protocol';
