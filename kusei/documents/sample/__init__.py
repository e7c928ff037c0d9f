"""The sample wards: facts and figures of published plans with short texts of our own, to try Kusei with."""
