// SPDX-License-Identifier: GPL-2.0-or-later
//
// Changes a story frame by frame, so that the framing survives: deletes, repeats and moves frames,
// sends a packet on as a router would, inserts what NLB and its neighbours say. Addresses come from
// a small world, so that frames have to do with each other.
#include <cstring>
#include <random>

#include "fuzz/story.h"
#include "nlb.h"
#include "unit/support/heartbeat_encoder.h"
#include "wire/ethernet.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

namespace nlb::fuzz {
namespace {

using Octets = std::vector<uint8_t>;

constexpr std::array<uint32_t, 8> kAddresses = {0xC0A8020A, 0xC0A8020B, 0xC0A80214, 0xC0A8021E,
                                                0xC0A8021F, 0xC0A80201, 0x0A000001, 0xEFFF020A};
constexpr std::array<uint16_t, 6> kPrefixes = {0x02BF, 0x03BF, 0x0201, 0x0202, 0x0220, 0x0100};
constexpr size_t kLongestFrame = 2048;

class Mutator {
 public:
  Mutator(Story& story, unsigned seed) : story_(story), random_(seed) {}

  void MutateOnce() {
    if (story_.frames.empty()) return Insert();
    switch (Below(12)) {
      case 0:
        return MutateSettings();
      case 1:
        return MutateHead(Any());
      case 2:
      case 3:
        return MutateBytes(Any());
      case 4:
        return Delete();
      case 5:
        return Repeat();
      case 6:
        return Move();
      case 7:
        return Forward();
      case 8:
        return PutAddress(Any());
      case 9:
        return PutMac(Any());
      default:
        return Insert();
    }
  }

 private:
  uint32_t Below(size_t end) { return static_cast<uint32_t>(random_() % end); }
  size_t AnyIndex() { return Below(story_.frames.size()); }
  Frame& Any() { return story_.frames[AnyIndex()]; }
  uint32_t AnyAddress() { return kAddresses[Below(kAddresses.size())]; }

  Octets AnyMac() {
    if (Below(4) == 0) return {0x00, 0x15, 0x5D, 0x01, 0x02, static_cast<uint8_t>(Below(4))};
    if (Below(8) == 0) return Octets(6, 0xFF);
    const uint16_t prefix = kPrefixes[Below(kPrefixes.size())];
    Octets mac = {static_cast<uint8_t>(prefix >> 8), static_cast<uint8_t>(prefix)};
    PutBe32(mac, prefix == 0x0100 ? 0x5E7F0000 | (AnyAddress() & 0xFFFF) : AnyAddress());
    return mac;
  }

  static void PutBe16(Octets& out, uint32_t value) {
    out.push_back(static_cast<uint8_t>(value >> 8));
    out.push_back(static_cast<uint8_t>(value));
  }
  static void PutBe32(Octets& out, uint32_t value) {
    PutBe16(out, value >> 16);
    PutBe16(out, value);
  }
  static void Append(Octets& out, const Octets& more) {
    out.insert(out.end(), more.begin(), more.end());
  }

  // ---- changes

  void MutateSettings() { story_.settings[Below(story_.settings.size())] = Noise(); }
  uint8_t Noise() { return static_cast<uint8_t>(random_()); }

  void MutateHead(Frame& frame) {
    switch (Below(3)) {
      case 0:
        frame.how = Noise();
        break;
      case 1:
        frame.steps = static_cast<int8_t>(Noise());
        break;
      default:
        frame.wire = Noise();
    }
  }

  void MutateBytes(Frame& frame) {
    const size_t size = frame.bytes.size();
    const size_t room = std::min(kLongestFrame, size + 64);
    frame.bytes.resize(std::max(room, size));
    frame.bytes.resize(LLVMFuzzerMutate(frame.bytes.data(), size, frame.bytes.size()));
  }

  void Delete() { story_.frames.erase(story_.frames.begin() + static_cast<long>(AnyIndex())); }

  void Repeat() {
    const Frame frame = Any();
    const size_t times = Below(8) == 0 ? 40 : 1;
    for (size_t i = 0; i < times; ++i) InsertFrame(frame);
  }

  void Move() { std::swap(Any(), Any()); }

  void InsertFrame(Frame frame) {
    const size_t at = Below(story_.frames.size() + 1);
    story_.frames.insert(story_.frames.begin() + static_cast<long>(at), std::move(frame));
  }

  // What a router would send, right behind the frame.
  void Forward() {
    const size_t at = AnyIndex();
    Frame frame = story_.frames[at];
    if (frame.bytes.size() < 34) return;
    const bool is_v6 = frame.bytes[12] == 0x86;
    frame.bytes[is_v6 ? 21 : 22] -= static_cast<uint8_t>(Below(3));
    if (Below(2)) PutMacAt(frame, 6);
    if (Below(3) == 0) PutMacAt(frame, 0);
    frame.how = static_cast<uint8_t>((frame.how & 0x18) | Below(2) << 5);
    frame.steps = static_cast<int8_t>(Below(4));
    story_.frames.insert(story_.frames.begin() + static_cast<long>(at) + 1, std::move(frame));
  }

  void PutMacAt(Frame& frame, size_t at) {
    const Octets mac = AnyMac();
    std::copy(mac.begin(), mac.end(), frame.bytes.begin() + static_cast<long>(at));
  }

  void PutMac(Frame& frame) {
    if (frame.bytes.size() >= 12) PutMacAt(frame, Below(2) * 6);
  }

  void PutAddress(Frame& frame) {
    if (frame.bytes.size() < 34) return;
    Octets address;
    PutBe32(address, AnyAddress());
    const size_t at = Below(2) ? 26 + Below(2) * 4 : 14 + Below(frame.bytes.size() - 18);
    std::copy(address.begin(), address.end(), frame.bytes.begin() + static_cast<long>(at));
  }

  // ---- frames

  Octets Header(uint16_t type) {
    Octets out = AnyMac();
    Append(out, AnyMac());
    for (uint32_t tags = Below(8) == 0 ? 1 + Below(2) : 0; tags > 0; --tags) {
      PutBe16(out, 0x8100);
      PutBe16(out, 10 + Below(2));
    }
    PutBe16(out, type);
    return out;
  }

  Octets Heartbeat() {
    test::MembershipFields fields;
    fields.host_id = 1 + Below(Below(8) == 0 ? 40 : 3);
    fields.cluster_ip = AnyAddress();
    fields.host_ip = AnyAddress() + (Below(8) == 0 ? Below(40) : 0);
    fields.host_code += Below(2);
    fields.default_host_id = static_cast<uint16_t>(Below(2));
    fields.state = static_cast<uint16_t>(1 + Below(2));
    fields.version = Below(4) ? 0x206 : 0x204;
    fields.teaming = Below(4) ? 0 : random_();
    fields.packets_handled = 1000 + Below(3);
    fields.rule_count = static_cast<uint16_t>(Below(5));
    if (Below(4) == 0) fields.codes[Below(3)] = random_();
    Octets out = Header(Below(8) ? NLB_ETHERTYPE : NLB_ETHERTYPE_CONVOY);
    const Octets body = test::Encode(fields);
    Append(out, Octets(body.begin(), body.begin() + (Below(16) ? 64 : 1496)));
    return out;
  }

  std::u16string AnyName() {
    constexpr std::array<char16_t, 6> kLetters = {u'W', u'1', 0x00E9, 0x20AC, 0xD83D, 0xDE00};
    std::u16string name(Below(4) ? 5 : Below(130), u'B');
    for (char16_t& letter : name) letter = kLetters[Below(kLetters.size())];
    return name;
  }

  Octets Identity() {
    Octets out = Header(NLB_ETHERTYPE);
    Append(out, test::EncodeIdentity({test::HostNameRecord(AnyName()),
                                      test::AddressRecord(IpAddress::V4(AnyAddress()))},
                                     1 + Below(3), AnyAddress(), AnyAddress()));
    return out;
  }

  Octets Arp() {
    Octets out = Header(Below(8) ? wire::kTypeArp : wire::kTypeRarp);
    Append(out, {0, 1, 8, 0, 6, 4, 0, static_cast<uint8_t>(1 + Below(4))});
    Append(out, AnyMac());
    PutBe32(out, AnyAddress());
    Append(out, AnyMac());
    PutBe32(out, AnyAddress());
    return out;
  }

  Octets Ipv4(uint8_t protocol, const Octets& transport) {
    Octets out = Header(wire::kTypeIpv4);
    Append(out, {0x45, 0});
    PutBe16(out, static_cast<uint32_t>(20 + transport.size()));
    PutBe16(out, Below(3));
    PutBe16(out, 0);
    Append(out, {static_cast<uint8_t>(60 + Below(5)), protocol, 0, 0});
    PutBe32(out, AnyAddress());
    PutBe32(out, AnyAddress());
    Append(out, transport);
    return out;
  }

  Octets Tcp() {
    constexpr std::array<uint8_t, 5> kFlags = {0x02, 0x12, 0x04, 0x10, 0x14};
    Octets out;
    PutBe16(out, Below(2) ? 80 : 1000);
    PutBe16(out, Below(2) ? 80 : 1000);
    PutBe32(out, Below(3));
    PutBe32(out, Below(3));
    Append(out, {0x50, kFlags[Below(kFlags.size())], 0, 0, 0, 0, 0, 0});
    return out;
  }

  Octets Echo() {
    return {static_cast<uint8_t>(Below(2) * 8), 0, 0, 0, 0, 7, 0, static_cast<uint8_t>(Below(3))};
  }

  Octets Igmp() {
    Octets out = {Below(2) ? uint8_t{0x11} : uint8_t{0x16}, 0, 0, 0};
    PutBe32(out, 0xEFFF0000 | (AnyAddress() & 0xFFFF));
    return out;
  }

  Octets Advertisement() {
    Octets out = Header(wire::kTypeIpv6);
    Append(out, {0x60, 0, 0, 0, 0, 32, 58, 255});
    for (int side = 0; side < 2; ++side) AppendV6(out);
    Append(out, {static_cast<uint8_t>(135 + Below(2)), 0, 0, 0, 0x60, 0, 0, 0});
    AppendV6(out);
    Append(out, {static_cast<uint8_t>(1 + Below(2)), 1});
    Append(out, AnyMac());
    return out;
  }

  // An address whose four words give one of the small world when XORed.
  void AppendV6(Octets& out) {
    constexpr uint32_t kNet = 0x20010DB8;
    PutBe32(out, kNet);
    PutBe32(out, 0);
    PutBe32(out, 0);
    PutBe32(out, AnyAddress() ^ (Below(2) ? kNet : 0));
  }

  Octets AnyFrame() {
    switch (Below(8)) {
      case 0:
      case 1:
        return Heartbeat();
      case 2:
        return Identity();
      case 3:
        return Arp();
      case 4:
        return Ipv4(6, Tcp());
      case 5:
        return Ipv4(1, Echo());
      case 6:
        return Ipv4(2, Igmp());
      default:
        return Advertisement();
    }
  }

  void Insert() {
    Frame frame;
    frame.bytes = AnyFrame();
    frame.how = static_cast<uint8_t>(Below(6) << 5);
    if (Below(8) == 0) frame.how |= 1;
    frame.steps = static_cast<int8_t>(1 + Below(12));
    frame.wire = Below(4) ? 202 : Noise();  // 1510 bytes
    InsertFrame(std::move(frame));
  }

  Story& story_;
  std::minstd_rand random_;
};

size_t Store(const Story& story, uint8_t* out, size_t max_size) {
  const std::vector<uint8_t> bytes = WriteStory(story);
  const size_t size = std::min(bytes.size(), max_size);
  std::memcpy(out, bytes.data(), size);
  return size;
}

}  // namespace
}  // namespace nlb::fuzz

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned seed) {
  if (seed % 16 == 0) return LLVMFuzzerMutate(data, size, max_size);
  nlb::fuzz::Story story = nlb::fuzz::ReadStory({data, size});
  nlb::fuzz::Mutator mutator(story, seed);
  for (unsigned i = 0; i <= seed / 16 % 3; ++i) mutator.MutateOnce();
  return nlb::fuzz::Store(story, data, max_size);
}

// The first part of one story and the last part of another.
extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t* data1, size_t size1,
                                            const uint8_t* data2, size_t size2, uint8_t* out,
                                            size_t max_size, unsigned seed) {
  nlb::fuzz::Story story = nlb::fuzz::ReadStory({data1, size1});
  const nlb::fuzz::Story other = nlb::fuzz::ReadStory({data2, size2});
  std::minstd_rand random(seed);
  story.frames.resize(random() % (story.frames.size() + 1));
  const size_t from = random() % (other.frames.size() + 1);
  story.frames.insert(story.frames.end(), other.frames.begin() + static_cast<long>(from),
                      other.frames.end());
  return nlb::fuzz::Store(story, out, max_size);
}
