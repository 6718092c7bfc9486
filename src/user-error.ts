/** Bad input, or a machine that lacks something: reported in one message, without a stack. */
export class UserError extends Error {
  constructor(
    message: string,
    readonly exitStatus = 2,
  ) {
    super(message);
  }
}
