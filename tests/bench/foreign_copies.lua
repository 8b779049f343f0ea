-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- What a user would write instead of the plugin: finds IPv4 packets that another station sent a
-- second time, one hop older, to the same destination MAC. foreign_copies.of is the first copy's
-- frame. Only here to be compared with nlb.analysis.foreign_router: in cost, and in what it finds.
local proto = Proto("foreign_copies", "Foreign copies (Lua)")
local copy_of = ProtoField.framenum("foreign_copies.of", "Copy of")
proto.fields = {copy_of}

local WINDOW = 0.1 -- seconds
local KEY_END = 34 + 20 + 64 -- Ethernet, IPv4, TCP, payload

local eth_src, eth_dst = Field.new("eth.src"), Field.new("eth.dst")
local ip_ttl, ip_id = Field.new("ip.ttl"), Field.new("ip.id")
local ip_src, ip_dst = Field.new("ip.src"), Field.new("ip.dst")

local first, found

function proto.init()
  first, found = {}, {}
end

local function look(tvb, pinfo)
  local ttl = ip_ttl()
  if not ttl then return end
  local length = math.min(tvb:len(), KEY_END)
  if length <= 34 then return end
  local key = tostring(ip_src()) .. tostring(ip_dst()) .. tostring(ip_id()) .. tvb:raw(34, length - 34)
  local now = pinfo.abs_ts
  local seen = first[key]
  local source, destination = tostring(eth_src()), tostring(eth_dst())
  if not seen or now - seen.time > WINDOW then
    first[key] = {time = now, frame = pinfo.number, ttl = ttl.value, source = source,
                  destination = destination}
  elseif ttl.value < seen.ttl and source ~= seen.source and destination == seen.destination then
    found[pinfo.number] = seen.frame
  end
end

function proto.dissector(tvb, pinfo, tree)
  if not pinfo.visited then look(tvb, pinfo) end
  local frame = found[pinfo.number]
  if frame then tree:add(proto):add(copy_of, frame) end
end

register_postdissector(proto)
