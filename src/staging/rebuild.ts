
declare module '../world/scenario-state' {
  interface ScenarioState {
    backupsBefore: readonly string[];
    /** SHA-256 over each of them, by name. */
    backupDigestsBefore: Readonly<Record<string, string>>;
    registryBefore: string;
    /** Name of the variable of the provider's credential that the session names, and the environment lacks. */
    missingCredential: string;
  }
}

