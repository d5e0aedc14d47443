const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 20)) {
  throw new Error(`Node 22.20 or newer is needed, this is ${process.versions.node}; run the tests through npm test`);
}
