#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What may stand between a station and headquarters is told in one sentence with what to do: a network that
# wants a sign-in, a proxy, a wrong clock, a certificate that ends, a station that was shut out.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

hq_store=$ROOM/hq/hq.db
hq_make
# From the first day on half of such a life is over.
sqlite3 "$hq_store" "INSERT INTO settings (name, value) VALUES ('station_days', '1')"
hq_start
station_make MIG-TEST-01

serial() {
  openssl x509 -in "$ROOM/station/station.pem" -noout -serial
}

# -- the certificate is renewed by itself --
before=$(serial)
expect 0 '' tamboctl --json sync --once
same 'the certificate is renewed at half of its life' "$(json "$ROOM/out" renewed)" True
[ "$before" != "$(serial)" ] || broken 'the certificate is the old one'
held 'the station has the new one'
same 'for the same key' "$(openssl x509 -in "$ROOM/station/station.pem" -noout -pubkey | sha256sum)" \
  "$(openssl pkey -in "$ROOM/station/station.key" -pubout | sha256sum)"
expect 0 '' tamboctl sync --once
held 'and goes on with it'

# -- the answer with the new one was lost --
cp "$ROOM/station/station.pem" "$ROOM/given.pem"
expect 0 '' tamboctl sync --once
cp "$ROOM/given.pem" "$ROOM/station/station.pem"
sqlite3 "$hq_store" "UPDATE settings SET value = '730' WHERE name = 'station_days'"
expect 0 '' tamboctl sync --once
held 'the one before holds until the new one has come'
before=$(serial)
expect 0 '' tamboctl --json sync --once
same 'a fresh one stays' "$(json "$ROOM/out" renewed) $(serial)" "False $before"

# -- it ended while the station was away --
"$python" - "$ROOM" <<'PYTHON'
import datetime, hashlib, sqlite3, sys
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
room = sys.argv[1]
read = lambda name: open(room + "/" + name, "rb").read()
authority = x509.load_pem_x509_certificate(read("hq/ca.pem"))
signer = serialization.load_pem_private_key(read("hq/private/authority.pem"), None)
key = serialization.load_pem_private_key(read("station/station.key"), None)
old = x509.load_pem_x509_certificate(read("station/station.pem"))
now = datetime.datetime.utcnow()
made = (x509.CertificateBuilder().subject_name(old.subject).issuer_name(authority.subject)
        .public_key(key.public_key()).serial_number(77)
        .not_valid_before(now - datetime.timedelta(days=30))
        .not_valid_after(now - datetime.timedelta(days=3)))
for extension in old.extensions:
    made = made.add_extension(extension.value, extension.critical)
pem = made.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
open(room + "/station/station.pem", "wb").write(pem)
der = x509.load_pem_x509_certificate(pem).public_bytes(serialization.Encoding.DER)
with sqlite3.connect(room + "/hq/hq.db", timeout=10) as database:
    database.execute("UPDATE stations SET certificate = ?, fingerprint = ?",
                     (pem.decode(), hashlib.sha256(der).hexdigest()))
PYTHON
expect 0 '' tamboctl --json sync --once
same 'a certificate that ended is renewed, too' "$(json "$ROOM/out" renewed)" True

# Nobody else gets one.
other_key() {
  openssl ecparam -name prime256v1 -genkey -noout -out "$ROOM/other.key"
  openssl req -new -key "$ROOM/other.key" -subj /CN=MIG-TEST-01 -out "$ROOM/other.csr"
  "$python" -c '
import json, sys
print(json.dumps({"station": "MIG-TEST-01", "csr": open(sys.argv[1]).read()}))' "$ROOM/other.csr" >"$ROOM/ask"
  curl -sS --noproxy '*' --cacert "$ROOM/hq/ca.pem" -d "@$ROOM/ask" -o "$ROOM/answer" -w '%{http_code}' \
    "https://127.0.0.1:$hq_port/v1/renewals"
}
same 'another key gets none' "$(other_key)" 403

# -- a network that wants a sign-in --
go_to() { # URL
  "$python" - "$ROOM/station/station.json" "$1" <<'PYTHON'
import json, sys
settings = json.load(open(sys.argv[1]))
settings["url"] = sys.argv[2]
json.dump(settings, open(sys.argv[1], "w"))
PYTHON
}
home=https://127.0.0.1:$hq_port
# portal ADDRESS: TLS with a certificate of its own, and a page on port 80 that leads elsewhere.
cat >"$ROOM/portal.py" <<'PYTHON'
import http.server, ssl, sys, threading
address, room = sys.argv[1:]
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(302)
        self.send_header("Location", "http://login.example/")
        self.send_header("Content-Length", "0")
        self.end_headers()
    do_POST = do_GET
    def log_message(self, *words):
        pass
class Quiet(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        pass
secure = Quiet((address, 0), Page)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(room + "/portal.pem", room + "/portal.key")
secure.socket = context.wrap_socket(secure.socket, server_side=True, do_handshake_on_connect=False)
threading.Thread(target=secure.serve_forever, daemon=True).start()
plain = Quiet((address, 80), Page)
print(secure.server_address[1], flush=True)
plain.serve_forever()
PYTHON
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=portal -days 2 \
  -keyout "$ROOM/portal.key" -out "$ROOM/portal.pem" 2>"$ROOM/openssl.log"
address=127.$((RANDOM % 200 + 20)).$((RANDOM % 250 + 1)).$((RANDOM % 250 + 1))
"$python" "$ROOM/portal.py" "$address" "$ROOM" >"$ROOM/portal.out" 2>"$ROOM/portal.log" &
started+=($!)
for _ in $(seq 200); do
  [ ! -s "$ROOM/portal.out" ] || break
  kill -0 "${started[0]}" 2>/dev/null || break
  sleep 0.05
done
if [ -s "$ROOM/portal.out" ]; then
  go_to "https://$address:$(cat "$ROOM/portal.out")"
  refused 1 'sign in to this network there' 'a captive portal' tamboctl sync --once
  go_to "https://$address:80"
  refused 1 'sign in to this network there' 'a page where TLS should be' tamboctl sync --once
else
  echo '# nobody may listen on port 80 here'
fi
# The same certificate and no page: that is no portal.
"$python" -c '
import ssl, socket, sys, threading
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1] + "/portal.pem", sys.argv[1] + "/portal.key")
listener = socket.create_server((sys.argv[2], 0))
print(listener.getsockname()[1], flush=True)
while True:
    end, _ = listener.accept()
    try:
        context.wrap_socket(end, server_side=True)
    except OSError:
        pass' "$ROOM" "127.0.0.2" >"$ROOM/stranger.out" 2>"$ROOM/stranger.log" &
started+=($!)
until [ -s "$ROOM/stranger.out" ]; do sleep 0.05; done
go_to "https://127.0.0.2:$(cat "$ROOM/stranger.out")"
refused 5 'send nothing through this network' 'a stranger in the place of headquarters' tamboctl sync --once

# -- a proxy --
go_to "$home"
"$python" -c '
import socket
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    end, _ = listener.accept()
    end.recv(4096)
    end.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
    end.close()' >"$ROOM/proxy.out" 2>"$ROOM/proxy.log" &
started+=($!)
until [ -s "$ROOM/proxy.out" ]; do sleep 0.05; done
through_proxy() { https_proxy=http://127.0.0.1:$(cat "$ROOM/proxy.out") tamboctl sync --once; }
refused 1 'into https_proxy' 'a proxy that wants a name' through_proxy

# -- shut out --
expect 0 '' tamboctl sync --once
tambo_hq station revoke "$ROOM/hq" MIG-TEST-01
refused 5 'ask headquarters to certify this station' 'a revoked station' tamboctl sync --once
same 'its certificate is not continued' "$(ask "$hq_store" "SELECT state FROM stations")" revoked
check 'the audit log holds' tamboctl audit verify
