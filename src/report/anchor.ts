/** Letters that mean themselves in an ID and in a URL's fragment; the rest is written as `~<hex>~`, so that no two names meet. */
function safe(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]/gu, (one) => `~${one.codePointAt(0)?.toString(16)}~`);
}

/** Where an assertion stands in the page: its permalink is `#` and this. Part of the page's contract: people keep these links. */
export function anchorOf({ id, variant }: { readonly id: string; readonly variant: string | null }): string {
  return variant === null ? safe(id) : `${safe(id)}--${safe(variant)}`;
}

/** Where a scenario of a run stands. */
export function scenarioAnchor(bundle: string, scenario: string): string {
  return `scenario.${bundle.slice(0, 12)}.${safe(scenario)}`;
}

export function rowAnchor(row: string): string {
  return `row.${safe(row)}`;
}

export function bundleAnchor(digest: string): string {
  return `bundle.${safe(digest.slice(0, 12))}`;
}
