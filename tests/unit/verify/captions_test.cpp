#include "verify/captions.h"

#include <gtest/gtest.h>

#include <vector>

namespace jinsha::verify {
namespace {

using Message = std::vector<std::uint8_t>;

// Two constructs, ATSC A/53 part 4 6.2.3.1.
const Message kMessage{0xB5, 0x00, 0x31, 'G',  'A',  '9',  '4',  0x03, 0xC2,
                       0xFF, 0xFC, 0x94, 0x20, 0xFD, 0x80, 0x80, 0xFF};

TEST(Captions, AreHashedAsTheyStand) {
  // FNV-1a, 64 bits, of FC 94 20 FD 80 80, computed apart.
  EXPECT_EQ(read_captions(kMessage, 0), std::uint64_t{0x134fb793ca90015e});
  Message padded = kMessage;
  padded.push_back(0x80);  // trailing bits of an OBU
  EXPECT_EQ(read_captions(padded, 0), read_captions(kMessage, 0));
  Message other = kMessage;
  other[11] ^= 1;
  EXPECT_NE(read_captions(other, 0), read_captions(kMessage, 0));
  EXPECT_NE(read_captions(kMessage, *read_captions(kMessage, 0)), read_captions(kMessage, 0));
}

TEST(Captions, OtherMessagesAreLeftAlone) {
  EXPECT_EQ(read_captions(Message{0xB5, 0x00, 0x3C, 0x00, 0x01, 0x04}, 7), 7U) << "HDR10+";
  EXPECT_EQ(read_captions(Message{}, 7), 7U);
  Message bars = kMessage;
  bars[7] = 0x06;
  EXPECT_EQ(read_captions(bars, 7), 7U);
  Message off = kMessage;
  off[8] = 0x82;  // process_cc_data_flag 0
  EXPECT_EQ(read_captions(off, 7), 7U);
}

TEST(Captions, DamageIsSeen) {
  for (std::size_t size = 8; size < kMessage.size(); ++size)
    EXPECT_EQ(read_captions(ByteView(kMessage).first(size), 0), std::nullopt) << size;
  Message unmarked = kMessage;
  unmarked.back() = 0xFE;
  EXPECT_EQ(read_captions(unmarked, 0), std::nullopt);
}

}  // namespace
}  // namespace jinsha::verify
