import { KnownVersions, type TagVersions, type VersionListeners, versionMaker } from './tag-versions.ts';

/** For one instance alone. */
export function createLocalVersions(options: { maxTags: number; listeners: VersionListeners }): TagVersions {
  const known = new KnownVersions(options.maxTags);
  const make = versionMaker();

  function one(tag: string): string {
    const version = known.get(tag) ?? make();
    known.set(tag, version);
    return version;
  }
  return {
    of: async (tags) => tags.map(one).join(),
    async renew(tags) {
      for (const tag of tags) {
        known.set(tag, make());
        options.listeners.renewed(tag);
      }
      return true;
    },
    hearsAll: () => true,
    stop: () => {},
  };
}
