/** The command was given wrongly; its message is all the person needs. */
export class UsageError extends Error {
  readonly code = 'config.usage';
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

export const usage = `parley: look after an installation of Parley

  parley key create --email E --name N [--scopes chat,read,write]
      Makes an API key for the user with this address and prints it. Scopes: chat (default), read, write.
  parley doctor
      Says what is wrong with this installation and how to mend it.
  parley db migrate
      Brings the database up to date; a start does the same.
  parley books check
      Counts all credits anew and says whether every balance is right; ends with 1 if one is not.
  parley backup [--to FILE|FOLDER|storage]
      Writes everything into one archive and prints where it is. The encryption key is not in it: keep that too.
  parley restore --from FILE|storage:NAME [--force] [--without-secrets]
      Puts an archive into an empty database; with --force into one that is emptied first. Stop Parley before.
  parley help

Settings come from the environment (see .env.example). Commands work while Parley runs, and while it does not.
`;
