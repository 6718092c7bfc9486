/** Labels that mark a gateway's containers, network and images. */
export const label = {
  managedBy: 'openshell.ai/managed-by',
  sandboxName: 'openshell.ai/sandbox-name',
  gatewayPort: 'openshell.ai/gateway-port',
  gateway: 'openshell.ai/gateway',
  /** Unique to a state directory, which a port is not: two users may both have a gateway on 8080. */
  gatewayId: 'openshell.ai/gateway-id',
} as const;

export const managedByOpenShell = `${label.managedBy}=openshell`;
