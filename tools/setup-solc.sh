#!/bin/sh
# Puts solc 0.8.37 where py-solc-x looks for it: the native binary if py-solc-x can install it within 20 seconds,
# else a script that runs npm's build of the same compiler (tools/solc-shim.mjs). The outcome is remembered:
# remove .cache/solcx to try again.
set -eu
version=0.8.37
commit=f401782d
repo=$(cd "$(dirname "$0")/.." && pwd)
home="$repo/.cache/solcx"
solc="$home/solc-v$version"
[ -x "$solc" ] && exit 0
mkdir -p "$home"

if [ "${CONSENTRY_SOLC:-native}" = native ] && [ "$(uname -sm)" = "Linux x86_64" ] &&
  SOLCX_BINARY_PATH="$home" timeout 20 "$repo/.venv/bin/python" -c \
    "import solcx; solcx.install_solc('$version')" >"$home/install.log" 2>&1; then
  echo "  compiler: native solc $version"
  exit 0
fi
rm -f "$solc"

cat >"$solc.$$" <<EOF
#!/bin/sh
# Written by tools/setup-solc.sh: native solc could not be installed here. npm's build of the same compiler.
if [ "\$#" = 1 ] && [ "\$1" = --version ]; then
  echo "solc, the solidity compiler commandline interface"
  echo "Version: $version+commit.$commit.Linux.g++"
  exit 0
fi
exec node "\$(dirname "\$(readlink -f "\$0")")/../../tools/solc-shim.mjs" "\$@"
EOF
chmod +x "$solc.$$"
mv "$solc.$$" "$solc"
echo "  compiler: native solc $version can't be installed here, so npm's build of it is used (slower, same bytecode)"
