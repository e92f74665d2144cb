-- Signed deliveries for wrk: every request has a body, a signature and an id of its own, because what comes twice is
-- less work for a receiver that knows what it has. The body is a template with the run and the commit put in; HMAC is
-- asked of the libcrypto that wrk itself is linked with.
--
-- Arguments: file with the template, file with the secret, a number that no other call uses.

local ffi = require "ffi"
ffi.cdef [[
    void *EVP_sha256(void);
    unsigned char *HMAC(const void *md, const void *key, int key_len,
                        const unsigned char *data, size_t length, unsigned char *out, unsigned int *out_length);
]]

local threads = 0

function setup(thread)
    threads = threads + 1
    thread:set("number", threads)
end

local function content(name)
    local file = assert(io.open(name, "rb"))
    local text = file:read("*a")
    file:close()
    return text
end

function init(args)
    local before, between, after = content(args[1]):match("^(.-)@RUN@(.-)@COMMIT@(.*)$")
    parts = { before, between, after }
    secret = content(args[2])
    round = tonumber(args[3])
    count = 0
    md = ffi.C.EVP_sha256()
    mac = ffi.new("unsigned char[32]")
    hex = {}
    for byte = 0, 255 do hex[byte] = string.format("%02x", byte) end
    headers = {
        ["Content-Type"] = "application/json",
        ["User-Agent"] = "GitHub-Hookshot/0000000",
        ["X-GitHub-Event"] = "workflow_run",
    }
    digits = {}
end

function request()
    count = count + 1
    local run = string.format("%d%02d%08d", round, number, count)
    local commit = string.format("%08x%08x%024x", round, number, count)
    local body = table.concat({ parts[1], run, parts[2], commit, parts[3] })
    ffi.C.HMAC(md, secret, #secret, body, #body, mac, nil)
    for i = 0, 31 do digits[i + 1] = hex[mac[i]] end
    headers["X-Hub-Signature-256"] = "sha256=" .. table.concat(digits)
    headers["X-GitHub-Delivery"] = string.format("%08x-%04x-4000-8000-%012x", round, number, count)
    return wrk.format("POST", nil, headers, body)
end

function done(summary, latency, _)
    local errors = summary.errors
    io.write(string.format(
        "result requests=%d micros=%d refused=%d broken=%d p50=%d p99=%d longest=%d\n",
        summary.requests, summary.duration, errors.status,
        errors.connect + errors.read + errors.write + errors.timeout,
        latency:percentile(50), latency:percentile(99), latency.max))
end
