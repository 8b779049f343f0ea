// SPDX-License-Identifier: GPL-2.0-or-later
//
// What a C program checks (tests/capi), among the unit tests too: so ./dev mutate asks it.
#include <gtest/gtest.h>

extern "C" int nlb_c_test_main();

namespace nlb::test {
namespace {

TEST(CFace, KeepsItsPromisesToACProgram) { EXPECT_EQ(nlb_c_test_main(), 0); }

}  // namespace
}  // namespace nlb::test
